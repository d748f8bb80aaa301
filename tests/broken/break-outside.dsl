// expect E218 at 5, E218 at 7, E218 at 10
protocol broken
shared x = 0
thread t {
    if (x) break
    while 2 (x > 1) {
        break
        x = 1
    }
    while 2 (x > 3) { while 1 (x > 4) { either { break } or { } x = 9 } }
}
never bad: x == 99 always
bounds t 1
