// expect E101 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
thread irq onn t {
    x = 2
}
never bad: x == 99 always
bounds t 1
