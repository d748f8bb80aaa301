// A compare-exchange that fails is only a read here and orders nothing.
// Source: docs/semantics.md (hardware drains the buffer here too; the kernel promises no order).

protocol SB_cmpxchg_fails

shared x = 0
shared y = 0
shared z = 0

thread p0 {
    x = 1
    a = cmpxchg(z, 1, 2)
    r = y
}

thread p1 {
    y = 1
    smp_mb()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 && p0[0].a == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
