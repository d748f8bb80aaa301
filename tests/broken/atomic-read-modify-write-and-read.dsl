// expect E513 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    atomic {
        atomic_inc(&x)
        a = y
    }
    x = a
}
never bad: x == 99 always
bounds t 1
