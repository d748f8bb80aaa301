// Store buffering with full barriers.
// Source: Intel 64 and IA-32 manual, volume 3, memory ordering examples.

protocol SB_mbs

shared x = 0
shared y = 0

thread p0 {
    x = 1
    smp_mb()
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
