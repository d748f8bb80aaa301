// expect E506 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    mutex_unlock(m)
}
never bad: x == 99 always
bounds t 1
