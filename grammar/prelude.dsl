// What the kernel's names for several steps mean here, in the language itself.
//
// A call of one of them is replaced by its steps. `&s` is a location, any other parameter a
// value; arguments are evaluated once, before the first step, as in C, and one that is `late`
// just before the first step that uses it, as by a macro. A local belongs to one call; `yield`
// is the value of the call. What is one event has no definition: it is a primitive.

// ---- sequence counters, include/linux/seqlock.h ----

// The kernel spins while the number is odd: it waits for an even one.
define read_seqcount_begin(&s) {
    seq = smp_cond_load_relaxed(s, VAL % 2 == 0)
    smp_rmb()
    yield seq
}

// Does not wait; an odd number, kept, makes nobody read again.
define raw_read_seqcount(&s) {
    seq = READ_ONCE(s)
    smp_rmb()
    yield seq
}

// Does not wait; after an odd number read_seqcount_retry is true.
define raw_seqcount_begin(&s) {
    seq = READ_ONCE(s)
    smp_rmb()
    yield seq - seq % 2
}

// 1 if what was read since `seq` may be torn and must be read again, else 0.
define read_seqcount_retry(&s, seq) {
    smp_rmb()
    yield READ_ONCE(s) != seq
}

// Odd from here on. Not atomic: writers need a lock among themselves.
define write_seqcount_begin(&s) {
    s++
    smp_wmb()
}

define write_seqcount_end(&s) {
    smp_wmb()
    s++
}

// The same; the kernel's other forms differ in what lockdep sees.
define raw_write_seqcount_begin(&s) {
    s++
    smp_wmb()
}

define raw_write_seqcount_end(&s) {
    smp_wmb()
    s++
}

// Readers in progress read again, and later ones do not wait.
define write_seqcount_invalidate(&s) {
    smp_wmb()
    s += 2
}

define raw_write_seqcount_barrier(&s) {
    s++
    smp_wmb()
    s++
}

// ---- others ----

// include/asm-generic/barrier.h
define smp_store_mb(&x, v) {
    WRITE_ONCE(x, v)
    smp_mb()
}

// include/linux/rcupdate.h, without the condition for lockdep: the pointer that was there.
define rcu_replace_pointer(&p, late v) {
    old = rcu_dereference_protected(p)
    rcu_assign_pointer(p, v)
    yield old
}
