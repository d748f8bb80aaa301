// The other half of k1a-no-grace-period: what the grace period does for the cached entry is only
// to keep the array from being reused.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c before August 2014 (ee3d1570b586 is the
// fix).
// Variant: no synchronize_srcu_expedited, and the old array is never freed.
//
// Expected: everything proved; a fault that holds an old array caches that array's own number.
//
// Bounds: as k1a-no-grace-period, whose refutations need two updates.

protocol k1a_never_freed "as k1a-single-dereference, without grace period and without the free"

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
expect stale_after_return proved
expect stale_at_any_time  proved
expect hit_after_return   proved
expect hit_at_any_time    proved
