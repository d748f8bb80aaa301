// expect E212 at 4
protocol broken
shared x = 0
define put(n, m) { x = n }
thread t { put(1, 2) }
never bad: x == 99 always
bounds t 1
