// expect E217 at 5
protocol broken
shared x = 0
define down(n) {
    if (n > 0) yield down(n - 1)
    yield n
}
thread t { x = down(3) }
never bad: x == 99 always
bounds t 1
