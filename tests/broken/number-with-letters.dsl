// expect E107 at 5
protocol broken
shared x = 0
thread t {
    x = 3rd
}
never bad: x == 99 always
bounds t 1
