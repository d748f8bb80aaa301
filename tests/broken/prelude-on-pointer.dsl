// expect E301 at 6
protocol broken
struct node { data }
rcu p: node = { data: 0 }
thread t {
    write_seqcount_begin(&p)
}
never bad: p == null always
bounds t 1
