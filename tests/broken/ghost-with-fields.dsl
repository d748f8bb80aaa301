// expect E405 at 4
protocol broken
shared x = 0
ghost g { a } = { a: 0 }
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
