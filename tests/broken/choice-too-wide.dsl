// expect E320 at 6
protocol broken
shared x = 0
shared g: bits 2 = 0
thread t {
    g = choose 0..4
}
never bad: x == 99 always
bounds t 1
