// expect E103 at 3
protocol broken
/* a comment
shared x = 0
