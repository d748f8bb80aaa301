// expect E704 at 8
protocol broken
shared x = 0
thread t {
    a = x
    x = a
}
never bad: t[x].a == 1 finally
bounds t 2
