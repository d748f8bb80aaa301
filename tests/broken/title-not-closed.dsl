// expect E104 at 2
protocol broken "a title
shared x = 0
