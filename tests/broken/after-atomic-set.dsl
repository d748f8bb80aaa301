// expect E518 at 7
protocol broken
shared x = 0
shared y = 0
thread t {
    atomic_set(x, 1)
    smp_mb__after_atomic()
    r = y
    assert r == 0
}
never bad: x == 99 always
bounds t 1
