// expect E713 at 8, E713 at 9
protocol broken
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
expect bad proved for any number under tso
expect bad proved for any number under lkmm
bounds t 1
