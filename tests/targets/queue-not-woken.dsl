// One of two ways to set the condition forgets the wake-up.

protocol queue_not_woken

shared x = 0
waitqueue wq

thread waits {
    wait_event(wq, READ_ONCE(x) != 0)
}

thread wakes {
    either {
        WRITE_ONCE(x, 1)
        wake_up(wq)
    } or {
        WRITE_ONCE(x, 2)
    }
}

bounds waits 1, wakes 1
expect deadlock refuted
expect deadlock refuted under tso
