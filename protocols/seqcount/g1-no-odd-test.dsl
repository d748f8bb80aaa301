// What the odd count is for.
//
// Source: include/linux/seqlock.h.
// Variant: the reader starts under any count: raw_read_seqcount does not test the low bit.
//
// Expected: not_torn refuted: the count is odd before and after, the write in the middle.
// not_older proved.
//
// Bounds: two writes, so that a read may straddle both; readers do not meet, so one is enough.

protocol g1_no_odd_test "as g1-seqcount, but the reader does not wait for an even count"

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
        s = raw_read_seqcount(seq)
        x = a
        y = b
    } until (!read_seqcount_retry(seq, s))
    not_torn: assert x == y
    not_older: assert x >= want
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 1
expect not_torn  refuted
expect not_older proved
expect not_torn  refuted under tso
