// expect E504 at 5
protocol broken
shared x = 0
spinlock l
define put(n) { spin_lock(l) x = n }
thread t { put(1) }
never bad: x == 99 always
bounds t 1
