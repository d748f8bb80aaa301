// expect E101 at 7
protocol broken
shared x = 0
thread t {
    if (x == 1) {
        x = 2
    } esle {
        x = 3
    }
}
never bad: x == 99 always
bounds t 1
