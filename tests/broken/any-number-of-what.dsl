// expect E101 at 9
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
expect bad proved for any updates
