// Is the grace period still needed when the fault dereferences once? Where the array is freed:
// yes, and not for memory safety alone.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c before August 2014 (ee3d1570b586 is the
// fix).
// Variant: synchronize_srcu_expedited is dropped.
//
// Expected: use_after_free refuted. The rest refuted too, with two updates: the fault reads the
// slot, the array is freed and comes back as the copy of the second update, the fault reads that
// generation through the pointer it still holds. k1a-never-freed.dsl has the other half.
//
// Bounds: the array has to be freed by one update and had again by another: two updates.

protocol k1a_no_grace_period "as k1a-single-dereference, but the old array is freed at once"

struct memslots { slot, generation }

srcu  srcu
rcu   slots: memslots = { slot: 0, generation: 0 }
cache mmio { slot, generation }  // one entry per vCPU: this address has no slot

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh
    new.generation = old.generation + 1
    rcu_assign_pointer(slots, new)
    kfree(old)
}

fault page_fault {
    srcu_read_lock(srcu)
    p = rcu_dereference(slots)
    slot = p.slot
    gen = p.generation
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
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect hit_after_return   refuted
expect hit_at_any_time    refuted
expect use_after_free     refuted
