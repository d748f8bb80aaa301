// expect E303 at 4
protocol broken
shared x = 0
define bump(n) { n = n + 1 x = n }
thread t { bump(1) }
never bad: x == 99 always
bounds t 1
