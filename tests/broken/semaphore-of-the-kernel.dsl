// expect E206 at 5
protocol broken
shared x = 0
thread t {
    down_interruptible(x)
}
never bad: x == 9 always
bounds t 1
