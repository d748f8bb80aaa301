// expect E321 at 5
protocol broken
shared x = 0
thread t {
    x = x >> -1
}
never bad: x == 99 always
bounds t 1
