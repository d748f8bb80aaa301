// expect E312 at 5
protocol broken
shared x = 0
define put(n) { x = n }
thread t { x = put(1) }
never bad: x == 99 always
bounds t 1
