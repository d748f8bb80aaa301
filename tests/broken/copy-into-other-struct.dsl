// expect E322 at 14
protocol broken
shared x = 0
struct node { next: node, v }
object one: node = { next: null, v: 0 }
shared p: node = one
shared q: node = one
struct other { v }
object two: other = { v: 0 }
shared r: other = two
thread t {
    n = p
    m = r
    copy n into m
}
never bad: x == 99 always
bounds t 1
