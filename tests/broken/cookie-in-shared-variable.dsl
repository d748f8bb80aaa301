// expect E509 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    x = srcu_read_lock(d)
}
never bad: x == 99 always
bounds t 1
