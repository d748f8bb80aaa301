// A lane that is stuck holds what it holds, and what it did before counts.

protocol stuck

shared x = 0
mutex m

thread holder {
    mutex_lock(m)
    x = 1
    assume x == 0
    mutex_unlock(m)
}

thread waiter {
    r = x
    mutex_lock(m)
    ok: assert r == 0
    mutex_unlock(m)
}

never one: x == 1 always
never both: x == 1 finally

bounds holder 1, waiter 1
