// expect E303 at 8
protocol broken
shared x = 0
shared y = 0
mutex m
waitqueue q
thread t {
    wait_event(m, x == 1)
}
never bad: x == 99 always
bounds t 1
