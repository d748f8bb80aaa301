// expect E309 at 7
protocol broken
shared x = 0
cache c { a } per t
thread t {
    zap(c)
    if (filled(c) && c.a > 1)
        x = 1
}
never bad: x == 99 always
bounds t 1
