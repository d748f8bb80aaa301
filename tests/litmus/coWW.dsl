// A lane's stores to one location keep their order.
// Source: herdtools7, the test of this name.

protocol coWW

shared x = 0

thread p0 {
    x = 1
    x = 2
}

never outcome: x == 1 finally

bounds p0 1
expect outcome proved
expect outcome proved under tso
