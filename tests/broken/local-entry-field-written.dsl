// expect E305 at 7
protocol broken
word w { a, b } = { a: 0, b: 0 }
shared x = 0
thread t {
    e = w
    e.a = 1
    x = e.a
}
never bad: x == 99 always
bounds t 1
