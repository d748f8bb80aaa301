// A load never returns a store that comes after the lane's own later store.
// Source: herdtools7, the test of this name.

protocol coRW

shared x = 0

thread p0 {
    r = x
    x = 1
}

thread p1 {
    x = 2
}

never outcome: p0[0].r == 2 && x == 2 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
