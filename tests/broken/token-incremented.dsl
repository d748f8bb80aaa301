// expect E308 at 6
protocol broken
shared x = 0
thread t {
    x = fresh
    atomic_inc(&x)
}
never bad: x == 99 always
bounds t 1
