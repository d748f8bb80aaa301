// expect E517 at 9
protocol broken
struct node { f }
shared p: node = { f: 0 }
shared x = 0
thread t {
    q = p
    if (q != null)
        wait until (q->f == 1)
    x = 1
}
thread u {
    kfree(p)
}
never bad: x == 99 always
bounds t 1, u 1
