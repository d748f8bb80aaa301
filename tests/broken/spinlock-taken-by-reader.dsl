// expect E303 at 6
protocol broken
shared x = 0
spinlock s
thread t {
    read_lock(s)
}
never bad: x == 99 always
bounds t 1
