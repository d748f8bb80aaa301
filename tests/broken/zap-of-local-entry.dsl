// expect E303 at 7
protocol broken
shared x = 0
shared cache c { a }
thread t {
    e = c
    zap(e)
    assert filled(e)
}
never bad: x == 99 always
bounds t 1
