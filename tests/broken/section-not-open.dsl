// expect E502 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    rcu_read_unlock()
}
never bad: x == 99 always
bounds t 1
