// Each rcu_dereference may return another version; a read section does not hold the pointer
// still.
//
// Source: Documentation/RCU (rcu_dereference.rst, whatisRCU.rst).
//
// Expected: together refuted: replace between the two dereferences. use_after_free proved.
//
// Bounds: two replacements, so that a freed object may come back; two readers.

protocol g3_double_dereference "two fields that belong together, each with its own dereference"

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
    x = rcu_dereference(config).a
    y = rcu_dereference(config).b
    rcu_read_unlock()
    together: assert x == y
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 2
expect together       refuted
expect use_after_free proved
expect unwritten_read proved
expect deadlock       proved
expect lock_misuse    proved
expect together       refuted under tso
