// expect E602 at 11
protocol broken
shared x = 0
update u {
    x = 1
}
fault f {
    x = 2
}
never bad: x == 99 always
bounds updates 1
