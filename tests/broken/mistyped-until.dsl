// expect E101 at 7
protocol broken
shared x = 0
thread t {
    retry 3 {
        a = x
    } unitl (a == x)
}
never bad: x == 99 always
bounds t 1
