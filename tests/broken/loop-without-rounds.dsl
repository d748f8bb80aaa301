// expect E609 at 5
protocol broken
shared x = 0
thread t {
    while 0 (x > 0) {
        x--
    }
}
never bad: x == 99 always
bounds t 1
