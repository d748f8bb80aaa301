// expect E301 at 5
protocol broken
shared x = 0
thread t {
    test_and_set_bit(0, x)
}
never bad: x == 9 always
bounds t 1
