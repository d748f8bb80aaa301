// Writes in a branch happen only where it is taken; a compare-exchange writes if it succeeds.

protocol branches

shared x = 0
shared y = 0

thread one {
    r = x
    if (r == 1) {
        y = 1
        s = 5
    } else {
        s = 6
    }
    t = cmpxchg(x, 2, 3)
    done: assert s == r + 6 || s == 5
}

thread two {
    either {
        x = 1
    } or {
        x = 2
    }
    retry 2 {
        u = y
    } until (u == 1 || x > 1)
}

never three: x == 3 finally
never wrote: y == 1 && x == 2 finally
never exchanged: x == 3 && one[0].t == 0 finally
reach both: y == 1

bounds one 1, two 1
