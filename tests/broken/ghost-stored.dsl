// expect E404 at 5
protocol broken
shared x = 0
thread t {
    x = settled(x)
}
never bad: x == 99 always
bounds t 1
