// expect E307 at 5
protocol broken
shared x = 0
thread t {
    a = cmpxchg(&x, 1)
    x = a
}
never bad: x == 99 always
bounds t 1
