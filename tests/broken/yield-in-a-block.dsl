// expect E218 at 4
protocol broken
shared x = 0
thread t { yield x }
never bad: x == 99 always
bounds t 1
