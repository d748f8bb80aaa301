// expect E210 at 4
protocol broken
struct node { data }
object new: node = { data: 0 }
rcu top: node = new
update u {
    p = alloc node
    p.data = 1
    old = top
    top = p
    kfree(old)
}
bounds updates 2
