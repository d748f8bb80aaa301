// An increment unless zero looks first, by a plain read: where it finds zero there is no locked
// instruction.
// Source: include/linux/atomic/atomic-arch-fallback.h (raw_atomic_fetch_add_unless).

protocol SB_inc_not_zero_fails

shared x = 0
shared y = 0
shared z = 0

thread p0 {
    x = 1
    a = atomic_inc_not_zero(z)
    r = y
}

thread p1 {
    y = 1
    smp_mb()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally
reach fails:   p0[0].a == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
