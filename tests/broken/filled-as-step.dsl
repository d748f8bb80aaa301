// expect E312 at 8
protocol broken
word w { a } = { a: 0 }
shared x = 0
thread t {
    e = w
    x = e.a
    filled(e)
}
never bad: x == 99 always
bounds t 1
