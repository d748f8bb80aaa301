// expect E508 at 9
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    rcu_read_lock()
    retry 2 {
        a = x
        rcu_read_unlock()
    } until (a == x)
}
never bad: x == 99 always
bounds t 1
