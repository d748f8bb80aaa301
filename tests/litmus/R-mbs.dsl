// R with barriers.
// Source: herdtools7, the test of this name.

protocol R_mbs

shared x = 0
shared y = 0

thread p0 {
    x = 1
    smp_mb()
    y = 1
}

thread p1 {
    y = 2
    smp_mb()
    r = x
}

never outcome: p1[0].r == 0 && y == 2 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
