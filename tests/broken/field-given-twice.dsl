// expect E204 at 6
protocol broken
word w { a, b } = { a: 0, b: 0 }
shared x = 0
thread t {
    w = { a: 1, a: 2, b: 3 }
}
never bad: x == 99 always
bounds t 1
