// expect E308 at 13
protocol broken
struct node { data, gen }
rcu p: node = { data: 0, gen: 0 }
thread t {
    n = copy p
    n.data = fresh
    rcu_assign_pointer(p, n)
}
thread u {
    a = p.data
    b = a
    assert b % 2 == 0
}
bounds t 1, u 1
