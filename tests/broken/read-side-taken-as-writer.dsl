// expect E505 at 7
protocol broken
shared x = 0
rwlock l
thread t {
    write_lock(l)
    read_lock(l)
    x = 1
    write_unlock(l)
}
never bad: x == 99 always
bounds t 1
