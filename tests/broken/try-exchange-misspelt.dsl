// expect E206 at 5
protocol broken
shared x = 0
thread t {
    if (try_cmpxhg(x, 0, 1))
        x = 2
}
never bad: x == 99 always
bounds t 1
