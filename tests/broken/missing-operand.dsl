// expect E101 at 6
protocol broken
shared x = 0
thread t {
    x = 1 +
    }
}
