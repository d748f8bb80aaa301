// Who could wake stands at an assume: the code would have gone on, so this is no deadlock.

protocol queue_waker_stands

shared x = 0
waitqueue wq

thread waits {
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes {
    n = x
    assume n == 1
    wake_up(wq)
}

bounds waits 1, wakes 1
expect deadlock vacuous
