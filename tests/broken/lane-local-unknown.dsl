// expect E201 at 8
protocol broken
shared x = 0
thread t {
    a = x
    x = a
}
never bad: t[0].b == 1 finally
bounds t 1
