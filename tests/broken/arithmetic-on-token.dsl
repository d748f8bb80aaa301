// expect E308 at 6
protocol broken
shared x = 0
thread t {
    x = fresh
    a = x + 1
    assert a
}
never bad: x == 99 always
bounds t 1
