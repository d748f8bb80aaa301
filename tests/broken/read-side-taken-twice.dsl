// expect E505 at 7
protocol broken
shared x = 0
rwlock l
thread t {
    read_lock(l)
    if (read_trylock(l))
        x = 1
    read_unlock(l)
}
never bad: x == 99 always
bounds t 1
