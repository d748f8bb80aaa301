// expect E202 at 10
protocol broken
shared x = 0
thread t {
    x = 1
}
fault f {
    x = 2
}
lanes t: f
never bad: x == 99 always
bounds t 1
