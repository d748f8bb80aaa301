// expect E607 at 4
protocol broken
shared x = 0
updaters 0
update u {
    x = 1
}
never bad: x == 99 always
bounds updates 2
