// expect E514 at 7
protocol broken
shared x = 0
rwlock l
thread t {
    write_lock(l)
    read_unlock(l)
}
never bad: x == 99 always
bounds t 1
