// expect E507 at 6
protocol broken
shared x = 0
rwlock l
thread t {
    if (x == 0)
        read_lock(l)
    else
        write_lock(l)
    read_unlock(l)
}
never bad: x == 99 always
bounds t 1
