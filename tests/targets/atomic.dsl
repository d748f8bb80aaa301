// No other lane's event lies between the events of an atomic block, and no instant.

protocol atomic_block

shared x = 0
shared y = 0

thread reader {
    atomic {
        r = x
        s = y
    }
    same: assert r >= s
}

thread writer {
    x = 1
    y = 1
}

never mixed: reader[0].r == 0 && reader[0].s == 1 finally

bounds reader 1, writer 1
