// expect E401 at 10
protocol broken
shared x = 0
thread t {
    either {
        a = 1
    } or {
        x = 1
    }
    x = a
}
never bad: x == 99 always
bounds t 1
