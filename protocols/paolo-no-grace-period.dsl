// What synchronize_srcu is for. Without it a fault that still holds the old slot can read the
// generation after the second increment, which is even and stays.
//
// Source: a variant of paolo.dsl.
//
// Under tso: the same. The race is between loads; store buffers add nothing it needs.

protocol paolo_no_grace_period "as paolo, but the update does not wait for readers"

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
    new.generation = new.generation + 1
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    gen = rcu_dereference(slots).generation  // the second dereference: the heart of the bug
    if (gen % 2 == 0)
        mmio = { slot: slot, generation: gen }
    srcu_read_unlock(srcu)
}

// No execution caches a stale slot under a matching generation.
never stale_after_return: mmio.slot != slots.slot when mmio.generation == slots.generation settled
never stale_at_any_time:  mmio.slot != slots.slot when mmio.generation == slots.generation always
reach hits_new: mmio.slot != 0 && mmio.generation == slots.generation

bounds updates 2, faults 2
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect stale_after_return refuted under tso
expect stale_at_any_time  refuted under tso
// Under lkmm as under sc, and the second raise of the generation races with the load of the fault.
expect stale_after_return refuted under lkmm
expect stale_at_any_time  refuted under lkmm
expect data_race          refuted under lkmm
