// expect E405 at 5
protocol broken
shared x = 0
struct s { a }
ghost g: s = null
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
