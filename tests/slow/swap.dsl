// An object is freed and made again at the same place between a load and a compare-and-swap.

protocol swap "the guard is dropped before the swap"

struct number { refs, value }

object first: number = { refs: 1, value: 0 }
shared current: number = first
ghost  successes = 0

// T2
update store_next {
    atomic {
        old = current
        atomic_inc(&old.refs)
    }
    v = old.value
    new = alloc number
    new.refs = 1
    new.value = v + 1
    if (cmpxchg(current, old, new) == old) {
        successes++
        if (atomic_dec_and_test(&old.refs))  // the pointer's own reference to the old one
            kfree(old)
    } else
        kfree(new)
    if (atomic_dec_and_test(&old.refs))      // its guard
        kfree(old)
}

// T1
thread add_one {
    // load: in one step, as the crate's own locking of readers makes it
    atomic {
        cur = current
        atomic_inc(&cur.refs)
    }
    v = cur.value
    new = alloc number
    new.refs = 1
    new.value = v + 1
    if (atomic_dec_and_test(&cur.refs))      // the guard goes
        kfree(cur)
    if (cmpxchg(current, cur, new) == cur) {
        successes++
        if (atomic_dec_and_test(&cur.refs))
            kfree(cur)
    } else
        kfree(new)
}

never lost: current.value != successes finally
reach all:  current.value == 3 finally

bounds updates 2, add_one 1
expect lost           refuted
expect use_after_free proved
