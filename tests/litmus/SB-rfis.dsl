// Each lane reads its own store early, out of its buffer.
// Source: Intel 64 and IA-32 manual, volume 3, memory ordering examples.

protocol SB_rfis

shared x = 0
shared y = 0

thread p0 {
    x = 1
    a = x
    r = y
}

thread p1 {
    y = 1
    a = y
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 && p0[0].a == 1 && p1[0].a == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
