// expect E407 at 10
protocol broken
shared x = 0
struct node { next: node, ghost v }
object one: node = { next: null }
shared p: node = one
shared q: node = one
thread t {
    x = 1
    p.v = 1
}
never bad: x == 99 always
bounds t 1
