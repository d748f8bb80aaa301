// expect E511 at 10
protocol broken
shared x = 0
shared y = 0
mutex m
waitqueue q
thread t {
    atomic {
        x = 1
        wake_up(q)
    }
}
never bad: x == 99 always
bounds t 1
