// Two lanes store to two locations in opposite orders.
// Source: herdtools7, the test of this name.

protocol two_plus_two_W

shared x = 0
shared y = 0

thread p0 {
    x = 1
    y = 2
}

thread p1 {
    y = 1
    x = 2
}

never outcome: x == 1 && y == 1 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
