// Two loads of one location never go back.
// Source: herdtools7, the test of this name.

protocol coRR

shared x = 0

thread p0 {
    x = 1
}

thread p1 {
    r = x
    s = x
}

never outcome: p1[0].r == 1 && p1[0].s == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
