// expect E517 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    wait until (x == 1 && y == 1)
}
never bad: x == 99 always
bounds t 1
