// expect E515 at 4
protocol broken
shared x = 0
ghost g = 0
thread t {
    x = 1
    g = 1
}
never bad: x == 99 always
bounds t 1
