// One way is never taken, the other is.

protocol unreachable

mutex m
shared x = 0
shared y = 0

thread first {
    mutex_lock(m)
    x++
    if (x == 3)
        twice: unreachable
    mutex_unlock(m)
    y = 1
}

thread other {
    if (y == 1) {
        x = 9
        unreachable
    }
}

bounds first 2, other 1
