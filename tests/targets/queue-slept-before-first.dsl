// What is local before a lane's first event is still to come while the lane sleeps before that.

protocol queue_slept_before_first

shared x = 0
waitqueue wq

thread waits {
    r = choose 0..1
    seen: assert r == 0
    wait_event(wq, READ_ONCE(x) == 1)
}

thread wakes {
    n = x
    wake_up(wq)
    assume n == 1
    x = 1
}

bounds waits 1, wakes 1
expect seen vacuous
expect deadlock vacuous
