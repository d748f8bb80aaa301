// expect E710 at 2
protocol broken
shared x = 0
thread t {
    x = 1
}
bounds t 1
