// expect E206 at 6
protocol broken
shared x = 0
shared cache c { a }
thread t {
    zpa(c)
}
never bad: x == 99 always
bounds t 1
