// expect E301 at 5
protocol broken
shared x = 0
thread t {
    cmpxchg_double(x, 0, 1)
}
never bad: x == 99 always
bounds t 1
