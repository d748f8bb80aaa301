// Locked additions lose nothing.
// Source: herdtools7, the test of this name.

protocol atomic_incs

shared x = 0

thread p0 {
    atomic_inc(x)
}

thread p1 {
    atomic_inc(x)
}

never outcome: x == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
