// expect E519 at 8
protocol freed "what lkmm gives no meaning yet"
struct node { f }
shared p: node = { f: 0 }

thread t {
    q = p
    kfree(q)
}

never bad: p == null always
bounds t 1
expect bad proved under lkmm
