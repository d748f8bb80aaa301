// expect E405 at 4
protocol broken
shared x = 0
ghost g: bits 2 = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
