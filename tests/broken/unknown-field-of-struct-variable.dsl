// expect E203 at 6
protocol broken
shared s { a, b } = { a: 0, b: 0 }
shared x = 0
thread t {
    s.c = 1
}
never bad: x == 99 always
bounds t 1
