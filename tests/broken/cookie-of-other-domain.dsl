// expect E509 at 10
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
srcu e
thread t {
    i = srcu_read_lock(e)
    srcu_read_unlock(d, i)
    x = 1
    srcu_read_unlock(e, i)
}
never bad: x == 99 always
bounds t 1
