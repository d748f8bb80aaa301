// expect E315 at 3
protocol broken
rcu r = 0
shared x = 0
thread t {
    x = r
}
never bad: x == 99 always
bounds t 1
