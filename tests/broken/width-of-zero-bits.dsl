// expect E319 at 4
protocol broken
shared x = 0
shared g: bits 0 = 0
thread t {
    x = g
}
never bad: x == 99 always
bounds t 1
