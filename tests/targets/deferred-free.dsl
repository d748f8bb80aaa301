protocol deferred_free "a free that waits for readers, the one who asks for it among them"

struct node { f }
shared p: node = { f: 1 }

thread asks {
    rcu_read_lock()
    old = p
    p = null
    kfree_rcu(old)
    s = old.f
    rcu_read_unlock()
}

thread reads {
    rcu_read_lock()
    q = p
    if (q) {
        r = q.f
    }
    rcu_read_unlock()
}

never gone: reads[0].r == 1 && asks[0].s == 1 finally

bounds asks 1, reads 2
