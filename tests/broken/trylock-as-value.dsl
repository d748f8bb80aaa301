// expect E510 at 8
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    a = mutex_trylock(m)
    x = a
}
never bad: x == 99 always
bounds t 1
