// Taking a lock is a locked instruction.
// Source: docs/semantics.md.

protocol SB_spin_lock

shared x = 0
shared y = 0
spinlock l

thread p0 {
    x = 1
    spin_lock(l)
    r = y
    spin_unlock(l)
}

thread p1 {
    y = 1
    smp_mb()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
