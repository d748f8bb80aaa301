// expect E101 at 8
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 1
bounds t 1
