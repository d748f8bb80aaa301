// expect E101 at 4
protocol broken
shared x
shared y = 0
thread t { y = 2 }
never bad: y == 9 always
bounds t 1
