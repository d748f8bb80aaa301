// expect E311 at 9
protocol broken
cache c { a }
shared x = 0
fault f {
    c = { a: x }
}
thread t {
    c = { a: 0 }
}
reach r: filled(c)
bounds faults 1, t 1
