// expect E503 at 11
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    rcu_read_lock()
    rcu_read_lock()
    rcu_read_unlock()
    synchronize_rcu()
    rcu_read_unlock()
}
never bad: x == 99 always
bounds t 1
