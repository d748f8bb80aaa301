// expect E201 at 6, E504 at 7, E201 at 8, E201 at 10, E605 at 11
protocol broken
shared x = 0
mutex m
thread t {
    a = y
    mutex_lock(m)
    x = z
}
never bad: w == 1 always
bounds t 0
