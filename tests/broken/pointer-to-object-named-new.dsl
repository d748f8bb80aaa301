// expect E210 at 4
protocol broken
struct node { data }
rcu new: node = { data: 0 }
thread t {
    p = new
    kfree(p)
}
bounds t 1
