// expect E101 at 3
protocol broken
word w { f } = { .f = 0 }
shared y = 0
thread t { y = 2 }
never bad: y == 9 always
bounds t 1
