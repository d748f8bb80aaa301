// expect E101 at 4
protocol p
shared x = 0
variant a
