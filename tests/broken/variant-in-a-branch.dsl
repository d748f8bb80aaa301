// expect E101 at 6
protocol p
variant a
shared x = 0
thread t {
    if (x) in a: x = 1
}
