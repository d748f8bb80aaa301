// expect E205 at 3
protocol broken
rcu p: nod = null
struct node { data }
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
