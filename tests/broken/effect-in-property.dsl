// expect E701 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
reach bad: xchg(&x, 1) == 1
bounds t 1
