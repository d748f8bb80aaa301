// expect E101 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    wait (x == 1)
}
never bad: x == 99 always
bounds t 1
