// expect E101 at 4
protocol broken
shared x = 0
shared cahce c { a }
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
