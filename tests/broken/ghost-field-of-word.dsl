// expect E405 at 4
protocol broken
shared x = 0
word w { a, ghost o } = { a: 0, o: 0 }
thread t {
    x = w.a
}
never bad: x == 99 always
bounds t 1
