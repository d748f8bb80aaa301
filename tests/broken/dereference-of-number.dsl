// expect E301 at 5
protocol broken
shared x = 0
thread t {
    a = rcu_dereference(x)
    x = a
}
never bad: x == 99 always
bounds t 1
