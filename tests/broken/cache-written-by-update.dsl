// expect E311 at 10
protocol broken
cache c { a }
shared x = 0
fault f {
    c = { a: x }
}
update u {
    x = 1
    c = { a: 0 }
}
reach r: filled(c)
bounds updates 1, faults 1
