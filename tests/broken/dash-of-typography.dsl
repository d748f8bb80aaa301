// expect E102 at 5
protocol broken
shared x = 0
thread t {
    x = 2 – 1
}
never bad: x == 9 always
bounds t 1
