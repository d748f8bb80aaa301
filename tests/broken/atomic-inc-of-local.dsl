// expect E316 at 6
protocol broken
shared x = 0
thread t {
    a = x
    atomic_inc(&a)
    x = a
}
never bad: x == 99 always
bounds t 1
