// A key is counted as enabled before the code is patched.

protocol static_key "the count is 1 before the code is patched"

mutex  jump_label_mutex
shared enabled = 0
shared patched = 0

thread slow_inc {
    retry 3 {
        v = atomic_read(&enabled)
        done = 0
        if (v > 0)
            done = try_cmpxchg(enabled, v, v + 1)
    } until (done == 1 || v <= 0)
    if (done == 0) {
        mutex_lock(&jump_label_mutex)
        if (atomic_read(&enabled) == 0) {
            atomic_set(&enabled, 1)
            patched = 1  // jump_label_update
        } else
            atomic_inc(&enabled)
        mutex_unlock(&jump_label_mutex)
    }
    unpatched: assert patched == 1  // the caller runs the code
}

never miscounted: enabled != 2 finally
reach done: enabled == 2 && patched == 1

bounds slow_inc 2
expect unpatched  refuted
expect miscounted proved
