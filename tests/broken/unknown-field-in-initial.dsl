// expect E203 at 3, E306 at 3
protocol broken
shared s { a } = { b: 0 }
shared x = 0
thread t {
    x = s.a
}
never bad: x == 99 always
bounds t 1
