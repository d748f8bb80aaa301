// A deadly embrace.
protocol embrace
mutex a
mutex b
shared n = 0
thread left {
    mutex_lock(a)
    mutex_lock(b)
    n = 1
    mutex_unlock(b)
    mutex_unlock(a)
}
thread right {
    mutex_lock(b)
    mutex_lock(a)
    n = 2
    mutex_unlock(a)
    mutex_unlock(b)
}
never strange: n == 3 always
bounds left 1, right 1
