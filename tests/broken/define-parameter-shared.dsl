// expect E403 at 4
protocol broken
shared x = 0
define put(x) { yield x }
thread t { x = put(1) }
never bad: x == 99 always
bounds t 1
