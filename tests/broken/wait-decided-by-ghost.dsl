// expect E404 at 9, E404 at 10
protocol broken
shared x = 0
shared y = 0
ghost g = 0
thread t {
    y = 1
    h = g
    n = smp_cond_load_relaxed(&x, VAL == h)
    y = n
}
never bad: x == 99 always
bounds t 1
