// What the grace period is for.
//
// Source: Documentation/RCU (rcu_dereference.rst, whatisRCU.rst).
// Variant: synchronize_rcu is dropped.
//
// Expected: use_after_free refuted. together refuted with two updates: the object that the
// reader still holds is freed, comes back as the second new one, and is read half written.
//
// Bounds: two replacements, so that a freed object may come back; two readers.

protocol g3_no_grace_period "as g3-single-dereference, but the old object is freed at once"

struct pair { a, b }

rcu config: pair = { a: 0, b: 0 }

update replace {
    old = config
    new = alloc pair
    v = fresh
    new.a = v
    new.b = v
    rcu_assign_pointer(config, new)
    kfree(old)
}

thread reader {
    rcu_read_lock()
    p = rcu_dereference(config)
    x = p.a
    y = p.b
    rcu_read_unlock()
    together: assert x == y
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 2
expect together       refuted
expect use_after_free refuted
expect unwritten_read proved
expect use_after_free refuted under tso
