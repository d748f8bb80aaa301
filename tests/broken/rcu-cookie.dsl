// expect E312 at 5
protocol broken
shared x = 0
thread t {
    i = rcu_read_lock()
    x = 1
    rcu_read_unlock()
}
never bad: x == 99 always
bounds t 1
