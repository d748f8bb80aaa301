// expect E210 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
never deadlock: x == 1 always
bounds t 1
