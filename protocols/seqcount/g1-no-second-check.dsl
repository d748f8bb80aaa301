// What read_seqcount_retry is for.
//
// Source: include/linux/seqlock.h.
// Variant: no second look.
//
// Expected: not_torn refuted (a write starts between the two reads); not_older proved: the
// reader waits for an even count, and each word is then at least as new as the last write that
// returned.
//
// Bounds: two writes, so that a read may straddle both; readers do not meet, so one is enough.

protocol g1_no_second_check "as g1-seqcount, but the reader does not look at the count again"

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
    read_seqcount_begin(seq)
    x = a
    y = b
    not_torn: assert x == y
    not_older: assert x >= want
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 1
expect not_torn  refuted
expect not_older proved
expect deadlock  proved
expect not_torn  refuted under tso
