// expect E404 at 7
protocol broken
shared x = 0
thread t {
    g = settled(x)
    h = g + 1
    x = h
}
never bad: x == 99 always
bounds t 1
