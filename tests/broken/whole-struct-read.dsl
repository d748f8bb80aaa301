// expect E304 at 6
protocol broken
shared s { a, b } = { a: 0, b: 0 }
shared x = 0
thread t {
    e = s
    x = e.a
}
never bad: x == 99 always
bounds t 1
