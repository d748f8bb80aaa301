// expect E701 at 6
protocol broken
shared x = 0
thread t {
    a = x
    g = settled(x + a)
    assert g == 0
}
never bad: x == 99 always
bounds t 1
