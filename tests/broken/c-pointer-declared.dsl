// expect E101 at 6
protocol broken
struct node { a }
shared x = 0
thread t {
    struct node *new;
}
never bad: x == 99 always
bounds t 1
