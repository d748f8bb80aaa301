// Who sets the condition wakes all who may sleep for it, and afterwards.

protocol queue_woken

shared x = 0
waitqueue wq

thread waits {
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes {
    WRITE_ONCE(x, 1)
    wake_up(wq)
}

bounds waits 2, wakes 1
expect deadlock proved
expect deadlock proved under tso
