// Lanes sleep under a semaphore; a reader waits for a writer that waits, in its own way too.

protocol semaphore

rwsem s
mutex m
shared x = 0

thread reader {
    down_read(s)
    mutex_lock(m)
    a = x
    mutex_unlock(m)
    down_read(s)
    b = x
    up_read(s)
    up_read(s)
    assert a == b
}

thread writer {
    if (down_write_trylock(s)) {
        x = 1
        synchronize_rcu()
        x = 2
        up_write(s)
    } else {
        down_write(s)
        x = 3
        up_write(s)
    }
}

never half: reader[0].a == 1 finally

bounds reader 1, writer 1
