// expect E301 at 6
protocol broken
shared x = 0
word w { a, b: bits 2 } = { a: 0, b: 0 }
thread t {
    atomic_inc(w)
}
never bad: x == 99 always
bounds t 1
