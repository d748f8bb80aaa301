// expect E315 at 6
protocol broken
struct s { a }
struct r { a }
object o: r = { a: 0 }
shared q: s = o
shared x = 0
thread t {
    assert q == null
}
never bad: x == 99 always
bounds t 1
