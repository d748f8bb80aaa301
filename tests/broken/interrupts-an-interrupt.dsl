// expect E610 at 10
protocol broken
shared x = 0
thread t {
    x = 1
}
thread irq on t {
    x = 2
}
thread nmi on irq {
    x = 3
}
never bad: x == 99 always
bounds t 1, irq 1, nmi 1
