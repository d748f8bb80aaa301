// 2026-11-22 deadlock-of-two-beginnings: each reader waits behind a writer only if `w` begins in its
// way, which it cannot in both; the explorer took both together for a deadlock.

protocol deadlock_of_two_beginnings

shared x = 0
rwlock k
rwlock l

thread w {
    either {
        write_lock(k)
        x = 1
        write_unlock(k)
    } or {
        write_lock(l)
        x = 2
        write_unlock(l)
    }
}

thread a {
    read_lock(k)
    read_lock(l)
    x = 3
    read_unlock(l)
    read_unlock(k)
}

thread b {
    read_lock(l)
    read_lock(k)
    x = 4
    read_unlock(k)
    read_unlock(l)
}

bounds w 1, a 1, b 1
expect deadlock proved
expect deadlock proved under tso
