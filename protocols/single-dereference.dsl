// "Calling kvm_memslots() twice is the root cause": with one dereference the slot and the
// generation belong to the same version, and the protocol of original.dsl is right.
//
// Source: a remark in the memslot generation thread, KVM mailing list, August 2014.
//
// Under tso: the same. The fields are written before the pointer, and leave the buffer so.

protocol single_dereference "as original, but slot and generation are read through one pointer"

struct memslots { slot, generation }

srcu  srcu
rcu   slots: memslots = { slot: 0, generation: 0 }  // published pointer to the current version
cache mmio { slot, generation }                     // one entry per fault lane (vCPU)

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh  // a value never used before
    new.generation = old.generation + 1
    rcu_assign_pointer(slots, new)
    synchronize_srcu(srcu)
}

fault page_fault {
    srcu_read_lock(srcu)
    version = rcu_dereference(slots)
    slot = version.slot
    gen = version.generation
    mmio = { slot: slot, generation: gen }
    srcu_read_unlock(srcu)
}

// No execution caches a stale slot under a matching generation.
never stale_after_return: mmio.slot != slots.slot when mmio.generation == slots.generation settled
never stale_at_any_time:  mmio.slot != slots.slot when mmio.generation == slots.generation always
reach hits_new: mmio.slot != 0 && mmio.generation == slots.generation

bounds updates 2, faults 2
expect stale_after_return proved for any number
expect stale_at_any_time  proved for any number
expect stale_after_return proved under tso
expect stale_at_any_time  proved under tso
// Under lkmm as under sc: no access races, for an array does not change once it is published, and
// both fields come through one pointer.
expect stale_after_return proved under lkmm
expect stale_at_any_time  proved under lkmm
