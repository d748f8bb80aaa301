// expect E511 at 9
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    atomic {
        g = settled(x)
    }
    assert g == x
}
never bad: x == 99 always
bounds t 1
