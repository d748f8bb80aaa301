// expect E322 at 11
protocol broken
shared x = 0
struct node { next: node, v }
object one: node = { next: null, v: 0 }
shared p: node = one
shared q: node = one
thread t {
    n = p
    m = 1
    copy n into m
}
never bad: x == 99 always
bounds t 1
