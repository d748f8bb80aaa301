// expect E101 at 2
shared x = 0
