// The code before the fix. The update raises the generation before it publishes; the fault
// dereferences the pointer once for the slot and once more for the generation.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm as of July 2014; memslot generation thread, KVM
// mailing list, August 2014.
//
// Under tso: the same. The race is between loads; store buffers add nothing it needs.

protocol original "the generation moves with the pointer, and is read through it a second time"

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
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect stale_after_return refuted under tso
expect stale_at_any_time  refuted under tso
// Under lkmm as under sc: no access races, for an array does not change once it is published.
expect stale_after_return refuted under lkmm
expect stale_at_any_time  refuted under lkmm
