// What the low-bit test is for. Without it an entry filled while the update runs matches until
// the second increment, so it is stale only for as long as the update has not returned.
//
// Source: a variant of paolo.dsl.
//
// Under tso: the same, as for paolo.dsl.

protocol paolo_no_low_bit_test "as paolo, but a fault caches whatever generation it sees"

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
    new.generation = new.generation + 1
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    gen = rcu_dereference(slots).generation  // the second dereference: the heart of the bug
    mmio = { slot: slot, generation: gen }
    srcu_read_unlock(srcu)
}

// No execution caches a stale slot under a matching generation.
never stale_after_return: mmio.slot != slots.slot when mmio.generation == slots.generation settled
never stale_at_any_time:  mmio.slot != slots.slot when mmio.generation == slots.generation always
reach hits_new: mmio.slot != 0 && mmio.generation == slots.generation

bounds updates 2, faults 2
expect stale_after_return proved for any number
expect stale_at_any_time  refuted
expect stale_after_return proved under tso
expect stale_at_any_time  refuted under tso
// No line under lkmm, where data_race is refuted: the second raise of the generation is a plain
// store to a published array, and the fault's load of it is plain. So stale_after_return is UNKNOWN.
// With WRITE_ONCE and READ_ONCE there it is proved and stale_at_any_time refuted, as under sc.
