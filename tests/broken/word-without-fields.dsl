// expect E315 at 3
protocol broken
word w = 0
shared x = 0
thread t {
    x = w
}
never bad: x == 99 always
bounds t 1
