// expect E201 at 4
protocol broken
struct node { data }
rcu p: node = one
thread t {
    a = p->data
    p->data = a
}
never bad: p->data == 1 always
bounds t 1
