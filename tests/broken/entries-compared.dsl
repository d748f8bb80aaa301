// expect E301 at 7
protocol broken
word w { a } = { a: 0 }
word v { a } = { a: 0 }
shared x = 0
thread t {
    if (w == v)
        x = 1
}
never bad: x == 99 always
bounds t 1
