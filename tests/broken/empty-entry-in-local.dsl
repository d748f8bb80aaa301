// expect E309 at 8
protocol broken
cache c { a }
shared x = 0
fault f {
    e = c
    if (e.a == x || filled(c))
        x = e.a + 1
    c = { a: x }
}
reach r: filled(c)
bounds faults 1
