// expect E606 at 8
protocol broken
shared x = 0
fault f {
    x = 1
}
lanes vcpu: f
lanes cpu: f
never bad: x == 99 always
bounds vcpu 1, cpu 1
