// expect E509 at 10
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    a = x
    srcu_read_lock(d)
    srcu_read_unlock(d, a)
}
never bad: x == 99 always
bounds t 1
