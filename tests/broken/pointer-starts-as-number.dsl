// expect E315 at 4
protocol broken
struct s { a }
shared q: s = 0
shared x = 0
thread t {
    assert q == null
}
never bad: x == 99 always
bounds t 1
