// expect E321 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    x = x << y
}
never bad: x == 99 always
bounds t 1
