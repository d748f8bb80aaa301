// expect E708 at 10
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
expect bad proved
expect bad proved for any number
