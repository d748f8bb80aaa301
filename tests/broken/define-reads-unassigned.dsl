// expect E401 at 6
protocol broken
shared x = 0
define put(n) {
    if (n) y = 1
    x = y
}
thread t { put(1) put(x) }
never bad: x == 99 always
bounds t 1
