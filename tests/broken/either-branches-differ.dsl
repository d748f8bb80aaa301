// expect E507 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    either {
        rcu_read_lock()
    } or {
        x = 1
    }
    rcu_read_unlock()
}
never bad: x == 99 always
bounds t 1
