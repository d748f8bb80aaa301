// Load buffering: a store does not pass an earlier load.
// Source: Intel 64 and IA-32 manual, volume 3, memory ordering examples.

protocol LB

shared x = 0
shared y = 0

thread p0 {
    r = x
    y = 1
}

thread p1 {
    r = y
    x = 1
}

never outcome: p0[0].r == 1 && p1[0].r == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
