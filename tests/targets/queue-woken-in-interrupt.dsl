// A lane does not test in the midst of the interrupt that wakes it, so that there the order of write
// and wake-up does not matter.

protocol queue_woken_in_interrupt

shared x = 0
waitqueue wq

thread waits {
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes on waits {
    wake_up(wq)
    WRITE_ONCE(x, 1)
}

bounds waits 1, wakes 1
expect deadlock proved under sc
