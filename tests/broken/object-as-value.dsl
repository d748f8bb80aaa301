// expect E303 at 8, E303 at 9
protocol broken
struct node { next: node, data }
object one: node = { next: null, data: 0 }
rcu p: node = one
shared x = 0
thread t {
    one = p
    x = READ_ONCE(one)
}
never bad: x == 99 always
bounds t 1
