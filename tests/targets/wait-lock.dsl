// A lane spins under the lock that the writer needs, beside a lane that stands at an assume.

protocol wait_lock

shared x = 0
spinlock l

thread spins {
    spin_lock(l)
    wait until (READ_ONCE(x) == 1)
    spin_unlock(l)
}

thread writes {
    spin_lock(l)
    x = 1
    spin_unlock(l)
}

thread stands {
    n = x
    assume n == 2
}

bounds spins 1, writes 1, stands 1
expect deadlock refuted
