// expect E303 at 8, E303 at 10
protocol broken
shared x = 0
shared y = 0
mutex m
waitqueue q
thread t {
    mutex_lock(q)
    x = 1
    mutex_unlock(q)
}
never bad: x == 99 always
bounds t 1
