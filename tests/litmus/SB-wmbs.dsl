// Store buffering with write barriers, which order stores only among themselves.
// Source: herdtools7, the test of this name.

protocol SB_wmbs

shared x = 0
shared y = 0

thread p0 {
    x = 1
    smp_wmb()
    r = y
}

thread p1 {
    y = 1
    smp_wmb()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
