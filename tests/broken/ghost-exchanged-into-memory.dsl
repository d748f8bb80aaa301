// expect E404 at 7
protocol broken
shared x = 0
ghost g = 0
thread t {
    x = 1
    b = xchg(x, g)
    assert b == 0
}
never bad: x == 99 always
bounds t 1
