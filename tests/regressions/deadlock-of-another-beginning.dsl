// 2026-11-22 deadlock-of-another-beginning: a lane that has not begun waits for ever if it begins
// in one way, and can move if it begins in the other, so that the explorer went on and did not look.

protocol deadlock_of_another_beginning

shared x = 0
spinlock l

thread a {
    either {
        spin_lock(l)
        x = 1
        spin_unlock(l)
    } or {
        x = 2
    }
}

thread b {
    spin_lock(l)
    wait until (x != 0)
    spin_unlock(l)
}

bounds a 1, b 1
expect deadlock refuted
expect deadlock refuted under tso
