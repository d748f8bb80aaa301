// The low bit of the generation marks an update in progress.
//
// Source: Paolo Bonzini's reply to the memslot generation patch, KVM mailing list, August
// 2014. The update raises the generation before publishing and again after the grace
// period; a fault that sees an odd generation caches nothing.
//
// Under tso: the same. The copy, the publish and the increments leave the buffer in program
// order, the grace period starts and ends only with an empty buffer, and a section whose leave
// is still buffered is still waited for.

protocol paolo "low bit of the generation marks an update in progress"

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
    if (gen % 2 == 0)
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
// No line under lkmm, where data_race is refuted: the second raise of the generation is a plain
// store to a published array, and the fault's load of it is plain. So both properties are UNKNOWN.
// With WRITE_ONCE and READ_ONCE in these two places both are proved, as under sc.
