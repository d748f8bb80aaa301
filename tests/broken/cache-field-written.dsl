// expect E305 at 6
protocol broken
cache c { a }
shared x = 0
fault f {
    c.a = x
}
reach r: filled(c)
bounds faults 1
