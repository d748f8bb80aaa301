// expect E202 at 4
protocol broken
shared x = 0
define x() { yield 1 }
thread t { x = x() }
never bad: x == 99 always
bounds t 1
