// Releasing a spinlock is a plain store, which a later load passes.
// Source: docs/semantics.md.

protocol SB_spin_unlock

shared x = 0
shared y = 0
spinlock l

thread p0 {
    spin_lock(l)
    x = 1
    spin_unlock(l)
    r = y
}

thread p1 {
    y = 1
    smp_mb()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
