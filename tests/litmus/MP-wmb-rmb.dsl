// Message passing with barriers.
// Source: herdtools7, the test of this name.

protocol MP_wmb_rmb

shared x = 0
shared y = 0

thread p0 {
    x = 1
    smp_wmb()
    y = 1
}

thread p1 {
    r = y
    smp_rmb()
    s = x
}

never outcome: p1[0].r == 1 && p1[0].s == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
