// expect E518 at 7 E518 at 12
protocol broken
shared x = 0
shared y = 0
thread t {
    atomic_inc(x)
    smp_mb__before_atomic()
    r = READ_ONCE(y)
    assert r == 0
}
thread u {
    smp_mb__after_atomic()
    if (y == 0)
        atomic_inc(y)
}
never bad: x == 99 always
bounds t 1, u 1
