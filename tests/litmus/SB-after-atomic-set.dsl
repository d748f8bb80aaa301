// smp_mb__after_atomic is a compiler barrier on x86 and orders nothing but the atomic beside it;
// atomic_set is a plain store. The atomic_inc of another place comes too early to help.
// Source: Documentation/atomic_t.txt; arch/x86/include/asm/barrier.h.

protocol SB_after_atomic_set

shared x = 0
shared y = 0
shared z = 0

thread p0 {
    atomic_inc(z)
    atomic_set(x, 1)
    smp_mb__after_atomic()
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
