// expect E202 at 4
protocol broken
struct s { a }
struct s { b }
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
