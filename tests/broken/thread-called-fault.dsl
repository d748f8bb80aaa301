// expect E210 at 3
protocol broken
thread fault { y = 1 }
shared y = 0
thread t { y = 2 }
never bad: y == 9 always
bounds t 1
