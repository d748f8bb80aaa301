// Store buffering with locked stores.
// Source: Intel 64 and IA-32 manual, volume 3, memory ordering examples.

protocol SB_xchgs

shared x = 0
shared y = 0

thread p0 {
    a = xchg(x, 1)
    r = y
}

thread p1 {
    a = xchg(y, 1)
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 && p0[0].a == 0 && p1[0].a == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
