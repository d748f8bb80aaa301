// expect E302 at 8
protocol broken
shared x = 0
word w { a, b: bits 2 } = { a: 0, b: 0 }
word v { c } = { c: 0 }
thread t {
    e = v
    xchg(w, e)
}
never bad: x == 99 always
bounds t 1
