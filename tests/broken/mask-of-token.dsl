// expect E308 at 6
protocol broken
shared x = 0
thread t {
    x = fresh
    x = x & 1
}
never bad: x == 99 always
bounds t 1
