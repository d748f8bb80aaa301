// The writer of a seqcount is interrupted, and the interrupt reads under it: it waits for an even
// count, which only the writer below it can give.
//
// Source: Documentation/locking/seqlock.rst, which asks that interrupts be off in the section of
// the writer where a reader may be an interrupt.
//
// Expected: proved for `masked`. One reader interrupts the writer, another one has a CPU of its own.
//
// Bounds: two writes, one interrupt, one read on another CPU.

protocol interrupted "a reader of a seqcount interrupts its writer"

variant masked "interrupts are off while the count is odd"
variant plain "interrupts are on"
variant late "they are switched off when the count is odd already"
variant early "they are switched on before the count is even again"
// The reader on another CPU sees the one half old and the other new.
variant uncounted "interrupts are off, but nothing is counted"

shared seq = 0
shared a = 0
shared b = 0

thread writer {
    in masked, early, uncounted: local_irq_save(flags)
    not in uncounted: write_seqcount_begin(&seq)
    in late: local_irq_save(flags)
    n = a
    a = n + 1
    b = n + 1
    in early: local_irq_restore(flags)
    not in uncounted: write_seqcount_end(&seq)
    in masked, late, uncounted: local_irq_restore(flags)
}

thread timer on writer {
    retry 2 {
        start = read_seqcount_begin(&seq)
        x = a
        y = b
    } until (!read_seqcount_retry(&seq, start))
    same_cpu: assert x == y
}

thread reader {
    retry 2 {
        start = read_seqcount_begin(&seq)
        x = a
        y = b
    } until (!read_seqcount_retry(&seq, start))
    same: assert x == y
}

reach sees_both: timer[0].x == 1 && reader[0].x == 2 finally

bounds writer 1 rounds 2, timer 1, reader 1
expect same     proved
expect same     refuted for uncounted
expect same_cpu proved
expect deadlock proved
expect deadlock refuted for plain, late, early
