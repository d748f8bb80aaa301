// expect E101 at 4
protocol broken
shared
= 3
