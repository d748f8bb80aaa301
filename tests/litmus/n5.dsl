// Two lanes each see the other's store after their own.
// Source: S. Owens, S. Sarkar, P. Sewell, A better x86 memory model: x86-TSO, 2009.

protocol n5

shared x = 0

thread p0 {
    x = 1
    r = x
}

thread p1 {
    x = 2
    r = x
}

never outcome: p0[0].r == 2 && p1[0].r == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
