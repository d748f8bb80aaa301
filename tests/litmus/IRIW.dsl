// Independent reads of independent writes: stores are seen in one order.
// Source: Intel 64 and IA-32 manual, volume 3, memory ordering examples.

protocol IRIW

shared x = 0
shared y = 0

thread p0 {
    x = 1
}

thread p1 {
    y = 1
}

thread p2 {
    r = x
    s = y
}

thread p3 {
    r = y
    s = x
}

never outcome: p2[0].r == 1 && p2[0].s == 0 && p3[0].r == 1 && p3[0].s == 0 finally

bounds p0 1, p1 1, p2 1, p3 1
expect outcome proved
expect outcome proved under tso
