// expect E511 at 10
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
thread t {
    atomic {
        x = 1
        return
    }
}
never bad: x == 99 always
bounds t 1
