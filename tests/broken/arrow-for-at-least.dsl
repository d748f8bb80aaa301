// expect E101 at 5
protocol broken
shared x = 0
thread t {
    if (x => 1) { x = 2 }
}
never bad: x == 9 always
bounds t 1
