// expect E218 at 5
protocol broken
shared x = 0
define find() {
    yield x
    x = 2
}
thread t { x = find() }
never bad: x == 99 always
bounds t 1
