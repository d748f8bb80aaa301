// Two lanes wait for a flag that each of them clears: one wake-up is lost.

protocol wait_lost

shared flag = 0

thread waits {
    wait until (READ_ONCE(flag) == 1)
    flag = 0
}

thread wakes {
    flag = 1
}

thread looks {
    n = flag
    assert n < 2
}

bounds waits 2, wakes 2, looks 1
expect deadlock refuted
