// The writer makes the count odd, writes two words, and makes it even; the reader reads both
// words between two looks at the count.
//
// Source: include/linux/seqlock.h.
//
// Expected: both proved. An even count that has not moved means that no write began or ended in
// between. The third try is cut off; the scope says so.
//
// Bounds: two writes, so that a read may straddle both; readers do not meet, so one is enough.

protocol g1_seqcount "a reader retries while a write is in progress or has been"

shared seq = 0
shared a = 0
shared b = 0

update write {
    new = fresh
    write_seqcount_begin(seq)
    a = new
    b = new
    write_seqcount_end(seq)
}

thread reader {
    want = settled(a)
    retry 2 {
        s = read_seqcount_begin(seq)
        x = a
        y = b
    } until (!read_seqcount_retry(seq, s))
    not_torn: assert x == y
    not_older: assert x >= want
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 1
expect not_torn  proved
expect not_older proved
expect deadlock  proved
expect not_torn  proved under tso
