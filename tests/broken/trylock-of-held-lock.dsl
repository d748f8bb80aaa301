// expect E505 at 9
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    mutex_lock(m)
    if (mutex_trylock(m))
        x = 1
    mutex_unlock(m)
}
never bad: x == 99 always
bounds t 1
