// expect E509 at 9
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    i = srcu_read_lock(d)
    x = i
    srcu_read_unlock(d, i)
}
never bad: x == 99 always
bounds t 1
