// expect E601 at 2
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
