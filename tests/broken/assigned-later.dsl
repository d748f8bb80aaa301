// expect E401 at 5
protocol broken
shared x = 0
thread t {
    x = a
    a = 1
    assert a
}
never bad: x == 99 always
bounds t 1
