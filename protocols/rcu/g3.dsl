// An object is replaced while readers look at it: two fields that belong together.
//
// Source: Documentation/RCU (rcu_dereference.rst, whatisRCU.rst).
//
// Expected: everything proved for `single_dereference` and `kfree_rcu`: an object does not change
// once it is published, and is not freed while a reader may hold it.
//
// Bounds: two replacements, so that a freed object may come back; two readers.

protocol g3 "both fields through one pointer"

variant single_dereference
// Each rcu_dereference may return another version; a read section does not hold the pointer
// still. together refuted: replace between the two dereferences. use_after_free proved.
variant double_dereference "each field with its own dereference"
// use_after_free refuted. together refuted with two updates: the object that the reader still
// holds is freed, comes back as the second new one, and is read half written.
variant no_grace_period "the old object is freed at once"
// The update does not wait: the object is freed when a grace period that begins here has ended.
variant kfree_rcu "the grace period is left to kfree_rcu"

struct pair { a, b }

rcu config: pair = { a: 0, b: 0 }

update replace {
    old = config
    new = alloc pair
    v = fresh
    new.a = v
    new.b = v
    rcu_assign_pointer(config, new)
    not in no_grace_period, kfree_rcu: synchronize_rcu()
    not in kfree_rcu: kfree(old)
    in kfree_rcu: kfree_rcu(old)
}

thread reader {
    rcu_read_lock()
    in double_dereference {
        x = rcu_dereference(config).a
        y = rcu_dereference(config).b
    }
    not in double_dereference {
        p = rcu_dereference(config)
        x = p.a
        y = p.b
    }
    rcu_read_unlock()
    together: assert x == y
}

reach reads_new: reader[0].x != 0 finally

bounds updates 2, reader 2
expect together       proved for any number
expect together       refuted for double_dereference, no_grace_period
expect use_after_free proved
expect use_after_free refuted for no_grace_period
expect unwritten_read proved
expect deadlock       proved
expect lock_misuse    proved
expect together       proved for single_dereference under tso
expect together       refuted for double_dereference under tso
expect use_after_free proved for single_dereference, kfree_rcu under tso
expect use_after_free refuted for no_grace_period under tso
// Under lkmm as under sc. The release of rcu_assign_pointer and the address dependency of the reader
// are all the order there is, and all that it takes. Of no_grace_period use_after_free is refuted
// too; then nothing is said of `together`, for a freed object is not had again there.
expect together       proved for single_dereference, kfree_rcu under lkmm
expect together       refuted for double_dereference under lkmm
expect use_after_free proved for single_dereference, double_dereference, kfree_rcu under lkmm
