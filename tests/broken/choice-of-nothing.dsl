// expect E318 at 5
protocol broken
shared x = 0
thread t {
    x = choose 3..1
}
never bad: x == 99 always
bounds t 1
