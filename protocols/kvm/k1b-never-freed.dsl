// The other half of k1b-no-grace-period: number before data needs no grace period, freeing does.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c before August 2014 (ee3d1570b586 is the
// fix).
// Variant: no synchronize_srcu_expedited, and the old array is never freed.
//
// Expected: everything proved, by the argument of k1b-sampled-first, which nowhere uses the
// grace period.
//
// Bounds: as k1b-no-grace-period, whose refutations need two updates.

protocol k1b_never_freed "as k1b-sampled-first, without grace period and without the free"

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
    gen = rcu_dereference(slots).generation  // before the look-up
    slot = rcu_dereference(slots).slot
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
