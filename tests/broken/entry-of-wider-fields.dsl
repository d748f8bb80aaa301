// expect E302 at 7
protocol broken
shared x = 0
word w { a, b: bits 2 } = { a: 0, b: 0 }
word v { a, b } = { a: 0, b: 0 }
thread t {
    w = v
}
never bad: x == 99 always
bounds t 1
