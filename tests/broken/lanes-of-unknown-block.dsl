// expect E207 at 7
protocol broken
shared x = 0
thread t {
    x = 1
}
lanes vcpu: f
never bad: x == 99 always
bounds t 1, vcpu 1
