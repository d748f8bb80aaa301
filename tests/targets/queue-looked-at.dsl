// Who sets the condition wakes only if somebody has said that it will sleep, and looks without a
// barrier: under tso both may miss one another.

protocol queue_looked_at

shared x = 0
shared sleepers = 0
waitqueue wq

thread waits {
    WRITE_ONCE(sleepers, 1)
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes {
    WRITE_ONCE(x, 1)
    if (READ_ONCE(sleepers) == 1)
        wake_up(wq)
}

bounds waits 1, wakes 1
expect deadlock proved under sc
expect deadlock refuted under tso
