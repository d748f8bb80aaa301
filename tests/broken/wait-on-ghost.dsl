// expect E404 at 7, E404 at 7
protocol broken
shared x = 0
ghost g = 0
thread t {
    x = 1
    wait until (g + x == 1)
}
never bad: x == 99 always
bounds t 1
