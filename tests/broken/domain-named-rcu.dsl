// expect E210 at 3
protocol broken
srcu rcu
shared x = 0
thread t {
    x = 1
}
never bad: x == 99 always
bounds t 1
