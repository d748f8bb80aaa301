// expect E504 at 6
protocol broken
shared x = 0
rwlock l
thread t {
    read_lock(l)
    x = 1
}
never bad: x == 99 always
bounds t 1
