// expect E212 at 4
protocol broken
shared x = 0
define bump(&s) { s++ }
thread t { x = 1 }
never bad: x == 99 always
bounds t 1
