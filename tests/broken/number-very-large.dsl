// expect E106 at 5
protocol broken
shared x = 0
thread t {
    x = 99999999999999999999999999999999
}
never bad: x == 99 always
bounds t 1
