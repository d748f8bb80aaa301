protocol paolo_marked "paolo.dsl, with the two accesses marked that raced"

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
    WRITE_ONCE(new.generation, new.generation + 1)
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    again = rcu_dereference(slots)
    gen = READ_ONCE(again.generation)
    if (gen % 2 == 0)
        mmio = { slot: slot, generation: gen }
    srcu_read_unlock(srcu)
}

// No execution caches a stale slot under a matching generation.
never stale_after_return: mmio.slot != slots.slot when mmio.generation == slots.generation settled
never stale_at_any_time:  mmio.slot != slots.slot when mmio.generation == slots.generation always
reach hits_new: mmio.slot != 0 && mmio.generation == slots.generation

bounds updates 1, faults 1
expect stale_after_return proved
expect stale_at_any_time  proved
expect stale_after_return proved under lkmm
expect stale_at_any_time  proved under lkmm
expect data_race          proved under lkmm
