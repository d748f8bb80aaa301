// A load of one location, then a store to it, in both lanes.
// Source: S. Owens, S. Sarkar, P. Sewell, A better x86 memory model: x86-TSO, 2009.

protocol n4b

shared x = 0

thread p0 {
    r = x
    x = 1
}

thread p1 {
    r = x
    x = 2
}

never outcome: p0[0].r == 2 && p1[0].r == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
