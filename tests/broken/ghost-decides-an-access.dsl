// expect E404 at 9
protocol broken
shared x = 0
ghost g = 0
thread t {
    x = 1
    g = 1
    r = x
    k = g == r && xchg(x, 7) == 1
    assert k == 0
}
bounds t 1
