// expect E511 at 11
protocol broken
srcu d
mutex m
spinlock l
shared x = 0
shared y = 0
thread t {
    atomic {
        y = x
        while 2 (x == y) {
            x = 2
        }
    }
}
never bad: x == 99 always
bounds t 1
