// expect E206 at 6
protocol broken
struct node { a }
shared x = 0
thread t {
    x = srcu_dereference(x, s);
}
never bad: x == 99 always
bounds t 1
