// expect E317 at 3
protocol broken
cache c { a }
shared x = 0
update u {
    x = 1
}
never bad: x == 2 always
bounds updates 1
