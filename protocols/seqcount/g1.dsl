// The writer makes the count odd, writes two words, and makes it even; the reader reads both
// words between two looks at the count.
//
// Source: include/linux/seqlock.h.
//
// Expected: not_torn proved for `seqcount`, and refuted without any of the three parts. The third
// try is cut off; the scope says so. not_older proved for all.
//
// Bounds: two writes, so that a read may straddle both; readers do not meet, so one is enough.

protocol g1 "a reader retries while a write is in progress or has been"

// An even count that has not moved means that no write began or ended in between.
variant seqcount
// The reader starts under any count: raw_read_seqcount does not test the low bit. The count is
// odd before and after, the write in the middle.
variant no_odd_test "the reader does not wait for an even count"
// A write starts between the two reads. The reader has waited for an even count, so each word is
// at least as new as the last write that returned.
variant no_second_check "the reader does not look at the count again"
// By two, so that it stays even: the reader reads one new word and one old before it moves.
variant raised_once "the writer raises the count once, at the end"

shared seq = 0
shared a = 0
shared b = 0

update write {
    new = fresh
    not in raised_once: write_seqcount_begin(seq)
    a = new
    b = new
    not in raised_once: write_seqcount_end(seq)
    in raised_once {
        smp_wmb()
        seq += 2
    }
}

thread reader {
    want = settled(a)
    in no_second_check {
        read_seqcount_begin(seq)
        x = a
        y = b
    }
    not in no_second_check: retry 2 {
        in no_odd_test: s = raw_read_seqcount(seq)
        not in no_odd_test: s = read_seqcount_begin(seq)
        x = a
        y = b
    } until (!read_seqcount_retry(seq, s))
    not_torn: assert x == y
    not_older: assert x >= want
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 1
expect not_torn  proved for seqcount
expect not_torn  refuted
expect not_older proved
expect deadlock  proved
expect not_torn  proved for seqcount under tso
expect not_torn  refuted under tso
// No line under lkmm: the count is raised, and both words are read and written, by plain accesses, as
// is meant. So data_race is refuted, and what is proved under sc is not.
