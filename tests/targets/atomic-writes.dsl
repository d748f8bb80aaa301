// A snapshot never sees the middle of an atomic block.

protocol atomic_writes

shared x = 0
shared y = 0

thread writer {
    atomic {
        x = 1
        y = 1
    }
}

thread reader {
    r = y
    s = x
}

never torn: x != y always
never read: reader[0].r == 1 && reader[0].s == 0 finally

bounds writer 1, reader 1
