// A store that follows a load of the flag comes after what preceded the flag.
// Source: herdtools7, the test of this name.

protocol S

shared x = 0
shared y = 0

thread p0 {
    x = 2
    y = 1
}

thread p1 {
    r = y
    x = 1
}

never outcome: p1[0].r == 1 && x == 2 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
