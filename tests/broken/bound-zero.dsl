// expect E605 at 8
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 0
