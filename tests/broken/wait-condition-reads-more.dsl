// expect E517 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    smp_cond_load_acquire(&x, VAL == y)
}
never bad: x == 99 always
bounds t 1
