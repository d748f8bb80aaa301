// expect E101 at 6
protocol broken
struct node { a }
shared x = 0
thread t {
    int r;
}
never bad: x == 99 always
bounds t 1
