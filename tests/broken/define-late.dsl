// expect E312 at 4
protocol broken
shared x = 0
define put(late n) { x = n }
thread t { put(1) }
never bad: x == 99 always
bounds t 1
