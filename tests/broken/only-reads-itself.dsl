// expect E402 at 5
protocol broken
shared x = 0
thread t {
    a = x
    a = a + 1
}
never bad: x == 99 always
bounds t 1
