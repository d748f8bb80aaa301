// A grace period waits until the buffer is empty.
// Source: docs/semantics.md.

protocol SB_grace_period

shared x = 0
shared y = 0

thread p0 {
    x = 1
    synchronize_rcu()
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
