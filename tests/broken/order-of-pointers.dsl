// expect E301 at 8, E301 at 8
protocol broken
struct node { next: node, data }
object one: node = { next: null, data: 0 }
rcu p: node = one
shared x = 0
thread t {
    if (p < null)
        x = 1
}
never bad: x == 99 always
bounds t 1
