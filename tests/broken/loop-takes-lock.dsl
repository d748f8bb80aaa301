// expect E508 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    while 2 (x > 0) {
        mutex_lock(m)
    }
}
never bad: x == 99 always
bounds t 1
