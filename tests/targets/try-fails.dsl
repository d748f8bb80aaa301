// A try meets a holder that may be stuck for ever.

protocol try_fails

shared x = 0
mutex m
mutex n

thread one {
    mutex_lock(m)
    if (mutex_trylock(n)) {
        x = 1
        mutex_unlock(n)
    }
    mutex_unlock(m)
}

thread two {
    mutex_lock(n)
    mutex_lock(m)
    r = x
    mutex_unlock(m)
    mutex_unlock(n)
}

never zero: x == 0 && two[0].r == 0 finally
never one_first: two[0].r == 1 finally

bounds one 1, two 1
expect zero refuted
