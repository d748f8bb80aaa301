// expect E401 at 7
protocol broken
shared x = 0
thread t {
    if (x == 1)
        a = 2
    x = a
}
never bad: x == 99 always
bounds t 1
