// expect E309 at 6
protocol broken
cache c { a }
shared x = 0
fault f {
    if (c.a < x)
        c = { a: x }
}
reach r: filled(c)
bounds faults 1
