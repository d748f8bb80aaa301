// expect E403 at 6
protocol broken
shared x = 0
shared y = 0
thread t {
    VAL = x
    y = VAL
}
never bad: x == 99 always
bounds t 1
