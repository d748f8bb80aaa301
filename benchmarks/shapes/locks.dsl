protocol locks "readers see both halves of a pair that writers change under a lock"

rwlock   pair
spinlock order
shared   a = 0
shared   b = 0

thread writer {
    spin_lock(order)
    write_lock(pair)
    a = a + 1
    b = b + 1
    write_unlock(pair)
    spin_unlock(order)
}

thread reader {
    read_lock(pair)
    x = a
    y = b
    read_unlock(pair)
    same: assert x == y
}

bounds writer 2, reader 2
expect same proved
