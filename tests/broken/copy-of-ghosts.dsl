// expect E322 at 11
protocol broken
shared x = 0
struct g { ghost a }
object one: g = { a: 0 }
shared p: g = one
shared q: g = one
thread t {
    n = p
    m = q
    copy n into m
}
never bad: x == 99 always
bounds t 1
