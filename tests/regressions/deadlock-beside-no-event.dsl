// 2026-11-22 deadlock-beside-no-event: a lane without any event must have ended where the others
// wait for ever, which the replay of the deadlock did not know (UNKNOWN, contradicted).

protocol deadlock_beside_no_event

mutex m
mutex n

thread one {
    mutex_lock(m)
    mutex_lock(n)
    mutex_unlock(n)
    mutex_unlock(m)
}

thread two {
    mutex_lock(n)
    mutex_lock(m)
    mutex_unlock(m)
    mutex_unlock(n)
}

thread three {
    r = choose 0..1
    assert r <= 1
}

bounds one 1, two 1, three 1
expect assert_1 proved
expect deadlock refuted
