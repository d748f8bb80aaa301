// expect E321 at 6, E321 at 7, E321 at 8
protocol broken
shared x = 0
shared y = 0
thread t {
    x = x | y
    x = x | -1
    if (x | 1 == 1)
        y = 1
}
never bad: x == 99 always
bounds t 1
