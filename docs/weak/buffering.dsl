// Each writes its own flag, then looks at the other's.

protocol buffering "one of the two sees the other"

variant full
variant write_barriers "smp_wmb orders no load"

shared x = 0
shared y = 0

thread left {
    WRITE_ONCE(x, 1)
    in full: smp_mb()
    in write_barriers: smp_wmb()
    r = READ_ONCE(y)
}

thread right {
    WRITE_ONCE(y, 1)
    in full: smp_mb()
    in write_barriers: smp_wmb()
    r = READ_ONCE(x)
}

never both_missed: left[0].r == 0 && right[0].r == 0 finally
bounds left 1, right 1
expect both_missed proved
expect both_missed proved under lkmm
expect both_missed refuted for write_barriers under lkmm
