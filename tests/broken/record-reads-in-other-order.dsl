// expect E306 at 7
protocol broken
word w { a, b } = { a: 0, b: 0 }
shared y = 0
shared x = 0
thread t {
    w = { b: x, a: y }
}
never bad: x == 99 always
bounds t 1
