// The second lane's store is last, but its load came before the first lane's store.
// Source: herdtools7, the test of this name.

protocol R

shared x = 0
shared y = 0

thread p0 {
    x = 1
    y = 1
}

thread p1 {
    y = 2
    r = x
}

never outcome: p1[0].r == 0 && y == 2 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome refuted under tso
