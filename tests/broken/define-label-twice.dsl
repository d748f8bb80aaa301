// expect E209 at 4
protocol broken
shared x = 0
define put(n) { l: x = n l: x = 2 }
thread t { put(1) }
never bad: x == 99 always
bounds t 1
