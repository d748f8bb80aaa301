// expect E319 at 4
protocol broken
shared x = 0
struct s { a: bits 64 }
object o: s = { a: 0 }
shared p: s = o
thread t {
    x = p.a
}
never bad: x == 99 always
bounds t 1
