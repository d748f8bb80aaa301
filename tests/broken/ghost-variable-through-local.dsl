// expect E404 at 8
protocol broken
shared x = 0
ghost g = 0
thread t {
    x = 1
    b = g
    x = b
}
never bad: x == 99 always
bounds t 1
