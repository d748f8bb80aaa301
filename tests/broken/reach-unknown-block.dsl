// expect E207 at 7
protocol broken
shared x = 0
thread t {
    here: x = 1
}
reach it: at u.here
bounds t 1
