// expect E606 at 7
protocol broken
shared x = 0
update u {
    x = 1
}
lanes vcpu: u
never bad: x == 99 always
bounds updates 1, vcpu 1
