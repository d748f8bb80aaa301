// expect E210 at 4
protocol broken
shared x = 0
ghost kfree = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
