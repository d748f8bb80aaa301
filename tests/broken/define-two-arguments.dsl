// expect E307 at 5
protocol broken
shared x = 0
define put(n) { x = n }
thread t { put(1, 2) }
never bad: x == 99 always
bounds t 1
