// What the first increment is for.
//
// Source: include/linux/seqlock.h.
// Variant: write both words, then raise the count by two, so that it stays even.
//
// Expected: not_torn refuted: the reader reads one new word and one old, before the count moves.
// not_older proved.
//
// Bounds: two writes, so that a read may straddle both; readers do not meet, so one is enough.

protocol g1_raised_once "as g1-seqcount, but the writer raises the count once, at the end"

shared seq = 0
shared a = 0
shared b = 0

update write {
    new = fresh
    a = new
    b = new
    smp_wmb()
    seq += 2
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
expect not_torn  refuted
expect not_older proved
expect deadlock  proved
expect not_torn  refuted under tso
