// expect E318 at 4
protocol broken
shared x = 0
thread t { y = choose 0..1000000000  x = y }
never bad: x == 5 always
bounds t 1
