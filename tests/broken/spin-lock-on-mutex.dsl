// expect E303 at 6, E303 at 8
protocol broken
mutex m
shared x = 0
thread t {
    spin_lock(m)
    x = 1
    spin_unlock(m)
}
never bad: x == 99 always
bounds t 1
