// expect E302 at 6
protocol broken
shared x = 0
word w { a, b: bits 2 } = { a: 0, b: 0 }
thread t {
    xchg(w, 1)
}
never bad: x == 99 always
bounds t 1
