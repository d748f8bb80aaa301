// expect E101 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 1 wehn x == 2 always
bounds t 1
