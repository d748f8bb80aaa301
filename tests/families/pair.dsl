protocol pair "a reader wants both words of one write"

variant after "a count is raised before and after; who saw it move reads again"
variant before "two stores, two loads"
variant raised_once "the count is raised at the end only"
variant no_retry "the reader does not look at the count"
variant neither = raised_once, no_retry

shared seq = 0
shared a = 0
shared b = 0

update write {
    not in before, raised_once {
        seq++
        smp_wmb()
    }
    a = fresh
    b = a
    not in before: smp_wmb()
    not in before, raised_once: seq++
    in raised_once: seq += 2
}

thread reader {
    in before, no_retry {
        x = a
        y = b
    }
    not in before, no_retry: retry 2 {
        s = READ_ONCE(seq)
        smp_rmb()
        x = a
        y = b
        smp_rmb()
    } until (s == READ_ONCE(seq) && s % 2 == 0)
    same: assert x == y
}

not in before: never odd: seq % 2 == 1 settled
reach reads_new: reader[0].x != 0 finally
bounds updates 2, reader 1
expect same refuted
expect same proved for after
expect same refuted under tso
expect odd  proved
