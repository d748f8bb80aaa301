// A compare-exchange that fails is a locked instruction on x86 all the same. The kernel promises
// no order where it fails, so code for other machines too must not rely on it.
// Source: Intel SDM volume 3, 9.2 "Memory Ordering"; Documentation/atomic_t.txt.

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

never outcome: p0[0].r == 0 && p1[0].r == 0 finally
reach fails:   p0[0].a == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
