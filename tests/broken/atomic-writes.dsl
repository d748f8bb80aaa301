// expect E513 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    atomic {
        x = 1
        y = 2
    }
}
never bad: x == 99 always
bounds t 1
