// expect E201 at 5, E201 at 7
protocol broken
shared x = 0
thread t {
    mutex_lock(m)
    x = 1
    mutex_unlock(m)
}
never bad: x == 99 always
bounds t 1
