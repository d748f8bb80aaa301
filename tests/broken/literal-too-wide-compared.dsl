// expect E320 at 6
protocol broken
shared x = 0
shared g: bits 3 = 0
thread t {
    if (g == 8)
        x = 1
}
never bad: x == 99 always
bounds t 1
