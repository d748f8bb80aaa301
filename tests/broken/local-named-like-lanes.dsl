// expect E403 at 5
protocol broken
shared x = 0
thread t {
    vcpu = x
    x = vcpu
}
fault f {
    x = 3
}
lanes vcpu: f
never bad: x == 99 always
bounds t 1, vcpu 1
