// expect E208 at 7
protocol broken
shared x = 0
thread t {
    here: x = 1
}
reach it: at t.there
bounds t 1
