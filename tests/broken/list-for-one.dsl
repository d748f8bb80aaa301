// expect E315 at 3
protocol broken
shared a = { 1, 2 }
thread t { a = 1 }
never x: a == 4 always
bounds t 1
