// Two locks in opposite orders; what happens before that is a violation all the same.

protocol two_locks

shared x = 0
mutex m
mutex n

thread one {
    mutex_lock(m)
    mutex_lock(n)
    x = 1
    mutex_unlock(n)
    mutex_unlock(m)
}

thread two {
    mutex_lock(n)
    mutex_lock(m)
    r = x
    mutex_unlock(m)
    mutex_unlock(n)
}

thread three {
    mutex_lock(m)
    mutex_unlock(m)
}

never seen: two[0].r == 1 finally

bounds one 1, two 1, three 1
