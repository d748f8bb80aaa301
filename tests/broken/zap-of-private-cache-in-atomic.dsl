// expect E511 at 8
protocol broken
shared x = 0
cache c { a } per t
thread t {
    atomic {
        x = 1
        zap(c)
    }
}
never bad: x == 99 always
bounds t 1
