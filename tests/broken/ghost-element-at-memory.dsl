// expect E407 at 7
protocol broken
shared x = 0
ghost g[2] = 0
thread t {
    x = 1
    g[x] = 1
}
never bad: x == 99 always
bounds t 1
