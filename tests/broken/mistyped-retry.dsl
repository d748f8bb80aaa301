// expect E101 at 5
protocol broken
shared x = 0
thread t {
    retyr 3 {
        a = x
    } until (a == x)
}
never bad: x == 99 always
bounds t 1
