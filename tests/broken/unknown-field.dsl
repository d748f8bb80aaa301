// expect E203 at 9
protocol broken
struct node { next: node, data }
object one: node = { next: null, data: 0 }
rcu p: node = one
shared x = 0
thread t {
    n = p
    n->dta = 1
}
never bad: x == 99 always
bounds t 1
