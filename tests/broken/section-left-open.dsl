// expect E501 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    srcu_read_lock(d)
    x = 1
}
never bad: x == 99 always
bounds t 1
