// Crossed locks are a deadlock whatever a third lane does.

protocol crossed_beside_assume

shared x = 0
mutex a
mutex b

thread one {
    mutex_lock(a)
    mutex_lock(b)
    x = 1
    mutex_unlock(b)
    mutex_unlock(a)
}

thread other {
    mutex_lock(b)
    mutex_lock(a)
    x = 2
    mutex_unlock(a)
    mutex_unlock(b)
}

thread stands {
    n = x
    assume n == 9
}

bounds one 1, other 1, stands 1
expect deadlock refuted
