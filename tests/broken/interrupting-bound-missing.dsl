// expect E602 at 11
protocol broken
shared x = 0
thread t {
    x = 1
}
thread irq on t {
    x = 2
}
never bad: x == 99 always
bounds t 1
