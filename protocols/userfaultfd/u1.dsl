// read() of a userfaultfd moves a sleeping fault from the list of pending faults to the list of
// those that somebody handles. A wakeup that looks in between finds the fault on neither list, and
// nobody wakes it.
//
// Source: fs/userfaultfd.c, "userfaultfd: avoid missing wakeups during refile in
// userfaultfd_read", 2015.
//
// Expected: proved for `refile_seq`. Who has found neither list filled looks again if the move is
// going on or has happened meanwhile; a fault that queues itself after the look sees the page.
//
// Bounds: one page, which is filled once; one fault, one read().

protocol u1 "a wakeup finds the sleeper on one of two lists while it is moved between them"

variant refile_seq "the move is a section of a seqcount, and the wakeup looks again if it moved"
// Queue, look for the page, sleep; the read() takes it off the one list; fill the page, look at
// both lists, return.
variant before "two looks at two lists, without more"
// Refuted under tso alone: the page waits in the store buffer while the lists are looked at, and
// the fault that queues itself meanwhile does not see it.
variant no_mb "nothing between the page and the look at the lists"
// No page, a whole UFFDIO_COPY, and the fault queues itself and sleeps.
variant queued_late "the fault looks for the page first, then queues itself"

spinlock lock  // fault_pending_wqh.lock
shared   refile_seq = 0
shared   page = 0     // mapped?
shared   pending = 0  // is the fault on fault_pending_wqh?
shared   handled = 0  // is it on fault_wqh?
shared   woken = 0    // is it runnable again?
shared   asleep = 0   // has schedule() taken it off its CPU?

update uffdio_copy {
    page = 1
    not in no_mb: smp_mb()
    in before: found = pending || handled
    not in before: retry 2 {
        seq = read_seqcount_begin(&refile_seq)
        found = pending || handled
    } until (!read_seqcount_retry(&refile_seq, seq))
    if (found) {
        spin_lock(lock)
        WRITE_ONCE(woken, 1)
        pending = 0
        handled = 0
        spin_unlock(lock)
    }
}

fault handle_userfault {
    in queued_late: absent = READ_ONCE(page) == 0
    spin_lock(lock)
    pending = 1
    smp_mb()  // set_current_state()
    spin_unlock(lock)
    not in queued_late: absent = READ_ONCE(page) == 0
    if (absent) {
        asleep = 1
        schedule: wait until (READ_ONCE(woken) == 1)
        asleep = 0
    }
    spin_lock(lock)
    pending = 0
    handled = 0
    spin_unlock(lock)
}

thread userfaultfd_read {
    spin_lock(lock)
    if (pending) {
        not in before: write_seqcount_begin(&refile_seq)
        pending = 0
        refiled: handled = 1
        not in before: write_seqcount_end(&refile_seq)
    }
    spin_unlock(lock)
}

// Once the ioctl has returned nobody sleeps for the page.
never lost: asleep == 1 && woken == 0 when page == 1 settled
reach sleeps:  at handle_userfault.schedule
reach refiles: at userfaultfd_read.refiled

bounds updates 1, faults 1, userfaultfd_read 1
expect lost     refuted
expect lost     proved for refile_seq
expect lost     proved for no_mb under sc
expect lost     refuted under tso
expect lost     proved for refile_seq under tso
expect deadlock refuted
expect deadlock proved for refile_seq
expect deadlock proved for no_mb under sc
// No line under lkmm: plain accesses race, and a deadlock is not judged. Were they marked, `lost` would
// be proved for `refile_seq` alone, with one fault and one reader.
