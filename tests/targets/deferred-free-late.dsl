protocol deferred_free_late "a reader outside the section, and one whose section comes later"

struct node { f }
shared p: node = { f: 1 }
srcu d

thread asks {
    old = p
    call_srcu(d, old)
    t = old.f
    p = null
}

thread reads {
    q = p
    srcu_read_lock(d)
    if (q) {
        r = q.f
    }
    srcu_read_unlock(d)
}

never both: reads[0].r == 1 && asks[0].t == 1 finally

bounds asks 1, reads 1
