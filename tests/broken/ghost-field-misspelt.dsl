// expect E101 at 4
protocol broken
shared x = 0
struct s { a, ghots o }
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
