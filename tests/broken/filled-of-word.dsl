// expect E301 at 6
protocol broken
word w { a } = { a: 0 }
shared x = 0
thread t {
    if (filled(w))
        x = 1
}
never bad: x == 99 always
bounds t 1
