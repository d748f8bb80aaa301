// expect E510 at 6
protocol broken
shared x = 0
rwlock l
thread t {
    if (x == 0 && write_trylock(l))
        write_unlock(l)
}
never bad: x == 99 always
bounds t 1
