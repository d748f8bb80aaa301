// A try that fails orders nothing.
// Source: docs/semantics.md.

protocol SB_trylock_fails

shared x = 0
shared y = 0
spinlock l

thread p0 {
    x = 1
    if (!spin_trylock(l)) {
        r = y
    } else {
        spin_unlock(l)
    }
}

thread p1 {
    spin_lock(l)
    y = 1
    smp_mb()
    r = x
    spin_unlock(l)
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
