// expect E101 at 6
protocol broken
shared x = 0
update u {
    x = 1
fault f {
    x = 2
}
bounds updates 1, faults 1
