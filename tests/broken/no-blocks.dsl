// expect E608 at 2
protocol broken
shared x = 0
never bad: x == 1 always
bounds rounds 1
