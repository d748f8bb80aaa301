// expect E503 at 9
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    srcu_read_lock(d)
    synchronize_srcu(d)
    srcu_read_unlock(d)
}
never bad: x == 99 always
bounds t 1
