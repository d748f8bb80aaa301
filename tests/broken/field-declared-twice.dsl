// expect E204 at 3
protocol broken
struct s { a, a }
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
