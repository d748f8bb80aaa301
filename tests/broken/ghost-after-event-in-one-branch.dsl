// expect E408 at 9
protocol broken
shared x = 0
ghost g = 0
thread t {
    b = choose 0..1
    if (b == 1)
        x = 1
    g = 1
}
never bad: x == 99 always
bounds t 1
