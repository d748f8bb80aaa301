// expect E709 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
reach it: x == 1 settled
bounds t 1
