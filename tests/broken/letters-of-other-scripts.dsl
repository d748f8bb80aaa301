// expect E102 at 3
protocol broken
shared größe = 0
