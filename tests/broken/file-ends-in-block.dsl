// expect E108 at 4
protocol broken
shared x = 0
update u {
    x = 1
