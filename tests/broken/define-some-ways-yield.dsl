// expect E218 at 4
protocol broken
shared x = 0
define find() { if (x > 2) yield 1 }
thread t { x = find() }
never bad: x == 99 always
bounds t 1
