// expect E210 at 3
protocol broken
shared filled = 0
thread t {
    y = 1
    assert y
}
bounds t 1
