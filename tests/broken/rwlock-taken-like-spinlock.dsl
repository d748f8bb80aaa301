// expect E303 at 6
protocol broken
shared x = 0
rwlock l
thread t {
    spin_lock(l)
}
never bad: x == 99 always
bounds t 1
