// expect E510 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    mutex_trylock(m)
}
never bad: x == 99 always
bounds t 1
