// expect E211 at 8
protocol broken
shared x = 0
thread t {
    bad: assert x == 0
    x = 1
}
never bad: x == 1 always
bounds t 1
