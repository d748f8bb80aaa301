// Message passing: stores take effect in order, loads are made in order.
// Source: Intel 64 and IA-32 manual, volume 3, memory ordering examples.

protocol MP

shared x = 0
shared y = 0

thread p0 {
    x = 1
    y = 1
}

thread p1 {
    r = y
    s = x
}

never outcome: p1[0].r == 1 && p1[0].s == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
