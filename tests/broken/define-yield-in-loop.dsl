// expect E218 at 5
protocol broken
shared x = 0
define find() {
    while 2 (x < 9) { yield x }
    yield 0
}
thread t { x = find() }
never bad: x == 99 always
bounds t 1
