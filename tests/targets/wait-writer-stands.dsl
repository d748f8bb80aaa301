// Who could write what is waited for stands at an assume: the code would have gone on, so this is
// no deadlock; nor is waiting for the lock that such a lane holds.

protocol wait_writer_stands

shared x = 0
shared y = 0
spinlock l

thread waits {
    wait until (READ_ONCE(x) == 1)
}

thread writes {
    spin_lock(l)
    n = y
    assume n == 1
    x = 1
    spin_unlock(l)
}

thread locks {
    spin_lock(l)
    y = 0
    spin_unlock(l)
}

bounds waits 1, writes 1, locks 1
expect deadlock vacuous
