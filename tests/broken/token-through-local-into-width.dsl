// expect E308 at 7
protocol broken
shared x = 0
shared g: bits 3 = 0
thread t {
    t1 = fresh
    g = t1
}
never bad: x == 99 always
bounds t 1
