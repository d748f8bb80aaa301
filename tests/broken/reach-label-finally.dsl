// expect E101 at 7
protocol broken
shared x = 0
thread t {
    here: x = 1
}
reach it: at t.here finally
bounds t 1
