// expect E702 at 12
protocol broken
cache c { a } per f
cache d { a } per g
shared x = 0
thread f {
    c = { a: x }
}
thread g {
    d = { a: x }
}
never bad: c.a == d.a always
bounds f 1, g 1
