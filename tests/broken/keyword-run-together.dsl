// expect E101 at 3
protocol broken
sharedx = 0
