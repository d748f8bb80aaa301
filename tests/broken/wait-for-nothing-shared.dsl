// expect E517 at 7
protocol broken
shared x = 0
shared y = 0
thread t {
    n = x
    wait until (n == 1)
}
never bad: x == 99 always
bounds t 1
