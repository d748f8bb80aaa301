protocol deferred_free_two "of two deferred frees the second may come first"

struct node { f }
shared p: node = { f: 1 }
shared q: node = { f: 2 }
srcu d

thread asks {
    a = p
    b = q
    p = null
    call_srcu(d, a)
    kfree_rcu(b)
}

thread reads {
    srcu_read_lock(d)
    a = p
    b = q
    if (a) {
        r = a.f
        s = b.f
        assert r + s == 3
    }
    srcu_read_unlock(d)
}

bounds asks 1, reads 1
