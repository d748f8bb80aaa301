// expect E511 at 12
protocol broken
shared x = 0
struct node { next: node, v }
object one: node = { next: null, v: 0 }
shared p: node = one
shared q: node = one
thread t {
    n = p
    atomic {
        x = 1
        kfree(n)
    }
}
never bad: x == 99 always
bounds t 1
