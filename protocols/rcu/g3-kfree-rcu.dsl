// The update does not wait: the object is freed when a grace period that begins here has ended.
//
// Source: Documentation/RCU (rcu_dereference.rst, whatisRCU.rst).
// Variant: kfree_rcu in place of synchronize_rcu and kfree.
//
// Expected: everything proved, by the argument of g3-single-dereference.
//
// Bounds: two replacements, so that a freed object may come back; two readers.

protocol g3_kfree_rcu "as g3-single-dereference, but the grace period is left to kfree_rcu"

struct pair { a, b }

rcu config: pair = { a: 0, b: 0 }

update replace {
    old = config
    new = alloc pair
    v = fresh
    new.a = v
    new.b = v
    rcu_assign_pointer(config, new)
    kfree_rcu(old)
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
expect together       proved
expect use_after_free proved
expect unwritten_read proved
expect use_after_free proved under tso
