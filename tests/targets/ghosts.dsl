protocol ghosts "a ghost moves with its event"

shared x = 0
shared y = 0
ghost g = 0

thread one {
    x = 1
    g = 1
    if (y == 0) {
        y = 2
        g = 2
    }
    assert g != 0
}

thread two {
    r = x
    assert g == r
    y = 1
}

never behind: g == 0 when x == 1 always
never apart: g != 2 when y == 2 always

bounds one 1, two 1
