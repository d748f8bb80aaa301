// expect E201 at 6
protocol broken
shared x = 0
shared cache c { a }
thread t {
    zap(d)
}
never bad: x == 99 always
bounds t 1
