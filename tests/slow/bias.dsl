// A count that is raised by a hundred for a while: in the formula every value leads to another.

protocol biased "a reference count with a lock bias"

shared ref = 1

thread writer {
    atomic_add(100, &ref)
    assume atomic_read(&ref) == 101
    atomic_sub(100, &ref)
}

thread reader {
    old = atomic_read(&ref)
    if (old >= 100)
        return
    if (!try_cmpxchg(ref, old, old + 1))
        return
    atomic_dec(&ref)
}

never restored: ref != 1 finally
bounds writer 2, reader 2
expect restored proved
