// The wake-up comes before the write: who tests in between sleeps for ever, though what it sleeps
// for becomes true.

protocol queue_woken_too_early

shared x = 0
waitqueue wq

thread waits {
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes {
    wake_up(wq)
    WRITE_ONCE(x, 1)
}

bounds waits 1, wakes 1
expect deadlock refuted
expect deadlock refuted under tso
