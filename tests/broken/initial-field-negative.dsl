// expect E320 at 4
protocol broken
shared x = 0
word w { a: bits 2 } = { a: -1 }
thread t {
    x = w.a
}
never bad: x == 99 always
bounds t 1
