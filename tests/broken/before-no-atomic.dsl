// expect E517 at 7 E517 at 13
protocol broken
shared x = 0
shared y = 0
thread t {
    atomic_inc(x)
    smp_mb__before_atomic()
    r = y
    if (r == 0) {
        atomic_inc(y)
    }
    else {
        smp_mb__after_atomic()
    }
}
never bad: x == 99 always
bounds t 1
