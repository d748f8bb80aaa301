// expect E309 at 7
protocol broken
shared x = 0
shared cache c { a }
thread t {
    e = c
    if (e.a > 1)
        x = 1
}
never bad: x == 99 always
bounds t 1
