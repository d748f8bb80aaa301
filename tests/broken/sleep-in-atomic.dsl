// expect E511 at 9
protocol broken
shared x = 0
shared y = 0
mutex m
waitqueue q
thread t {
    atomic {
        wait_event(q, x == 1)
    }
}
never bad: x == 99 always
bounds t 1
