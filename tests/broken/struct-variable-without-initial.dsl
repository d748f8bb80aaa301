// expect E101 at 4
protocol broken
shared s { a, b }
thread t {
}
