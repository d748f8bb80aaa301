// expect E101 at 6
protocol broken
struct node { a }
shared x = 0
thread t {
    switch (x) { }
}
never bad: x == 99 always
bounds t 1
