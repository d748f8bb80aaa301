// expect E701 at 7
protocol broken
cache c { a }
shared x = 0
fault f {
    c = { a: x }
    g = settled(c.a)
    assert g == 0
}
bounds faults 1
