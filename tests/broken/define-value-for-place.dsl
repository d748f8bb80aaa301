// expect E316 at 5
protocol broken
shared x = 0
define put(&n) { n = 1 }
thread t { put(x + 1) }
never bad: x == 99 always
bounds t 1
