// ../xiao.dsl with the access that uses the entry and the free of the old array.
//
// Source: Xiao Guangrong's patch, KVM mailing list, August 2014.
//
// Expected: stale_after_return and hit_after_return proved: who read the old slot has left
// before the number moves. While the update runs, old entries still match: stale_at_any_time
// refuted, and hit_at_any_time too (the access finds the new array under the old number).
//
// Bounds: two updates, so that an access may begin between them.

protocol k2_xiao "the generation moves only after the grace period"

struct memslots { slot, generation }

srcu  srcu
rcu   slots: memslots = { slot: 0, generation: 0 }
cache mmio { slot, generation }  // one entry per vCPU: this address has no slot

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh
    rcu_assign_pointer(slots, new)
    synchronize_srcu_expedited(srcu)
    new.generation = new.generation + 1
    kfree(old)
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    gen = rcu_dereference(slots).generation  // the second dereference
    mmio = { slot: slot, generation: gen }
    srcu_read_unlock(srcu)
}

thread access {
    want = settled(slots.slot)
    srcu_read_lock(srcu)
    e = mmio
    now = rcu_dereference(slots)
    if (filled(e) && e.generation == now.generation) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

never stale_after_return: mmio.slot != slots.slot when mmio.generation == slots.generation settled
never stale_at_any_time:  mmio.slot != slots.slot when mmio.generation == slots.generation always
reach hits:     at access.hit_after_return
reach hits_new: mmio.slot != 0 && mmio.generation == slots.generation

bounds updates 2, vcpu 2, rounds 2
expect stale_after_return proved
expect stale_at_any_time  refuted
expect hit_after_return   proved
expect hit_at_any_time    refuted
expect deadlock           proved
expect use_after_free     proved
// No line under lkmm, where data_race is refuted: the raise of the generation is a plain store to a
// published array, and its loads are plain. So what is proved under sc is UNKNOWN.
