// expect E401 at 8
protocol broken
shared x = 0
thread t {
    while 2 (x > 0) {
        a = x
    }
    x = a
}
never bad: x == 99 always
bounds t 1
