// expect E408 at 6
protocol broken
shared x = 0
ghost g = 0
thread t {
    assert g == 0
    x = 1
}
never bad: x == 99 always
bounds t 1
