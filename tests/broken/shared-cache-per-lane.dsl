// expect E101 at 4
protocol broken
shared x = 0
shared cache c { a } per t
thread t {
    x = c.a
}
never bad: x == 99 always
bounds t 1
