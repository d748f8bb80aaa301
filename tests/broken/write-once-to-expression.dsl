// expect E316 at 5
protocol broken
shared x = 0
thread t {
    WRITE_ONCE(x + 1, 2)
}
never bad: x == 99 always
bounds t 1
