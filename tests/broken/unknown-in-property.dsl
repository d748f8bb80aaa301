// expect E201 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: y == 1 always
bounds t 1
