// expect E307 at 5
protocol broken
shared x = 0
thread t {
    smp_mb(x)
}
never bad: x == 99 always
bounds t 1
