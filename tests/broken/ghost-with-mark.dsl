// expect E406 at 7, E406 at 8
protocol broken
shared x = 0
ghost g = 0
thread t {
    x = 1
    WRITE_ONCE(g, 1)
    assert READ_ONCE(g) == 1
}
never bad: x == 99 always
bounds t 1
