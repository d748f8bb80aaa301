// expect E703 at 8
protocol broken
shared x = 0
thread t {
    a = x
    x = a
}
never bad: t[0].a == 1 always
bounds t 1
