// Leaving and entering a read section order nothing.
// Source: docs/semantics.md.

protocol SB_section

shared x = 0
shared y = 0

thread p0 {
    rcu_read_lock()
    x = 1
    rcu_read_unlock()
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
