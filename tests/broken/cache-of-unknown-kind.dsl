// expect E317 at 3
protocol broken
cache c { a } per vcpu
shared x = 0
fault f {
    x = 1
}
never bad: x == 2 always
bounds faults 1
