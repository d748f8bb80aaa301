// expect E206 at 5
protocol broken
shared x = 0
thread t {
    a = READ_ONEC(x)
    x = a
}
never bad: x == 99 always
bounds t 1
