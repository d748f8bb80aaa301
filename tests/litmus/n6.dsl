// A lane sees its own store before others do, and it is last all the same.
// Source: S. Owens, S. Sarkar, P. Sewell, A better x86 memory model: x86-TSO, 2009.

protocol n6

shared x = 0
shared y = 0

thread p0 {
    x = 1
    r = x
    s = y
}

thread p1 {
    y = 1
    x = 2
}

never outcome: p0[0].r == 1 && p0[0].s == 0 && x == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
