// Releasing a mutex is a locked instruction: a load after it waits.
// Source: docs/semantics.md.

protocol SB_mutex_unlock

shared x = 0
shared y = 0
mutex m

thread p0 {
    mutex_lock(m)
    x = 1
    mutex_unlock(m)
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
expect outcome proved under tso
