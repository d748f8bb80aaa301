// Nobody tests in the midst of an atomic block, where the condition is false for a moment.

protocol queue_woken_atomic

shared x = 1
waitqueue wq

thread waits {
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes {
    wake_up(wq)
    atomic {
        x = 0
        x = 1
    }
}

bounds waits 1, wakes 1
expect deadlock proved under sc
