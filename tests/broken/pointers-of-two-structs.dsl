// expect E301 at 10
protocol broken
struct node { next: node, data }
object one: node = { next: null, data: 0 }
rcu p: node = one
shared x = 0
struct other { a }
rcu q: other = null
thread t {
    if (p == q)
        x = 1
}
never bad: x == 99 always
bounds t 1
