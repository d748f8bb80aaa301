// expect E504 at 10
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    spin_lock(l)
    if (x == 1)
        return
    spin_unlock(l)
}
never bad: x == 99 always
bounds t 1
