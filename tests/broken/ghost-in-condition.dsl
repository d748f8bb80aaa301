// expect E404 at 6
protocol broken
shared x = 0
thread t {
    g = settled(x)
    if (g == 0)
        x = 1
}
never bad: x == 99 always
bounds t 1
