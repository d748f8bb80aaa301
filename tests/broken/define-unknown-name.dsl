// expect E201 at 4
protocol broken
shared x = 0
define bump() { x = x + step }
thread t { step = 2 bump() x = step }
never bad: x == 99 always
bounds t 1
