// expect E201 at 7
protocol broken
struct node { a }
shared x = 0
thread t {
    p = alloc node;
    if (p == NULL) x = 1;
}
never bad: x == 99 always
bounds t 1
