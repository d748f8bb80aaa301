// A lane reads its own store, or what came after it.
// Source: herdtools7, the test of this name.

protocol coWR

shared x = 0

thread p0 {
    x = 1
    r = x
}

thread p1 {
    x = 2
}

never outcome: p0[0].r == 2 && x == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
