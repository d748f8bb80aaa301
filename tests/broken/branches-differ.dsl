// expect E507 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    if (x == 1)
        mutex_lock(m)
    x = 2
    mutex_unlock(m)
}
never bad: x == 99 always
bounds t 1
