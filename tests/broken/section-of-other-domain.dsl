// expect E501 at 8, E502 at 9
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    rcu_read_lock()
    srcu_read_unlock(d)
}
never bad: x == 99 always
bounds t 1
