// expect E608 at 2
protocol broken
shared x = 0
thread t { }
never bad: x == 1 always
bounds t 1
