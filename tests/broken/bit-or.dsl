// expect E321 at 6, E321 at 7, E321 at 9, E321 at 10, E321 at 11
protocol broken
shared x = 0
shared y = 0
thread t {
    x = x | -1
    if (x | y == 1)
        y = 1
    x = x << 31
    y = ~x
    x = y & ~-3 ^ 1
}
never bad: x == 99 always
bounds t 1
