// expect E107 at 5
protocol broken
shared x = 0
thread t {
    x = 0b101
}
never bad: x == 99 always
bounds t 1
