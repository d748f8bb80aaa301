// The same reader, with one dereference.
//
// Source: Documentation/RCU (rcu_dereference.rst, whatisRCU.rst).
//
// Expected: everything proved; an object does not change once it is published.
//
// Bounds: two replacements, so that a freed object may come back; two readers.

protocol g3_single_dereference "as g3-double-dereference, but both through one pointer"

struct pair { a, b }

rcu config: pair = { a: 0, b: 0 }

update replace {
    old = config
    new = alloc pair
    v = fresh
    new.a = v
    new.b = v
    rcu_assign_pointer(config, new)
    synchronize_rcu()
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
expect together       proved
expect use_after_free proved
expect unwritten_read proved
expect deadlock       proved
expect lock_misuse    proved
expect together       proved under tso
expect use_after_free proved under tso
