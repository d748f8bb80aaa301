// expect E315 at 3
protocol broken
shared a[3] = { 1, 2 }
thread t { a[0] = 1 }
never x: a[0] == 4 always
bounds t 1
