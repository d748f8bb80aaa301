// expect E312 at 5
protocol broken
shared x = 0
thread t {
    x = smp_mb()
}
never bad: x == 99 always
bounds t 1
