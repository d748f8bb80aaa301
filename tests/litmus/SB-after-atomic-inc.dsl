// smp_mb__after_atomic after an atomic without a value: the locked instruction does the work.
// Source: Documentation/atomic_t.txt; arch/x86/include/asm/barrier.h.

protocol SB_after_atomic_inc

shared x = 0
shared y = 0

thread p0 {
    atomic_inc(x)
    smp_mb__after_atomic()
    r = y
}

thread p1 {
    smp_mb__before_atomic()
    atomic_inc(y)
    smp_mb__after_atomic()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
