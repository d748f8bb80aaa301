protocol retry "a reader retries until no write came between its reads"

shared seq = 0
shared a = 0
shared b = 0

update write {
    seq++
    smp_wmb()
    a = fresh
    b = a
    smp_wmb()
    seq++
}

thread reader {
    retry 2 {
        s = READ_ONCE(seq)
        smp_rmb()
        x = a
        y = b
        smp_rmb()
    } until (s == READ_ONCE(seq) && s % 2 == 0)
    same: assert x == y
}

bounds updates 2, reader 2
expect same proved
