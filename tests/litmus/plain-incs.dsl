// A load and a store are two events: one addition is lost.
// Source: herdtools7, the test of this name.

protocol plain_incs

shared x = 0

thread p0 {
    x++
}

thread p1 {
    x++
}

never outcome: x == 1 finally

bounds p0 1, p1 1
expect outcome refuted
expect outcome refuted under tso
