// expect E610 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
update irq on t {
    x = 2
}
never bad: x == 99 always
bounds t 1, updates 1
