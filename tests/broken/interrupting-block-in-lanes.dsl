// expect E610 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
thread irq on t {
    x = 2
}
thread a {
    x = 3
}
lanes vcpu: irq, a
never bad: x == 99 always
bounds t 1, vcpu 1
