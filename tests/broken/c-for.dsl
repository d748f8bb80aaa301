// expect E101 at 6
protocol broken
struct node { a }
shared x = 0
thread t {
    for (i = 0; i < 3; i++) x = i;
}
never bad: x == 99 always
bounds t 1
