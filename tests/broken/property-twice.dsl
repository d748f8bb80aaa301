// expect E211 at 8
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 1 always
never bad: x == 2 always
bounds t 1
