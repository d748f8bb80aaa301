// expect E106 at 5
protocol broken
shared x = 0
thread t {
    x = 1073741824
}
never bad: x == 99 always
bounds t 1
