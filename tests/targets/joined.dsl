// What a lane waits for in a branch it has waited for after the branches have joined.

protocol joined

shared x = 0
shared y = 0
mutex m

thread one {
    r = x
    if (r == 0) {
        mutex_lock(m)
        s = y
        mutex_unlock(m)
    } else {
        s = 7
    }
    y = s + 1
}

thread two {
    mutex_lock(m)
    x = 1
    assume y == 9
    mutex_unlock(m)
}

never eight: y == 8 always
never one: y == 1 when x == 1 always
never last: one[0].s == 0 && y == 1 finally

bounds one 1, two 1
