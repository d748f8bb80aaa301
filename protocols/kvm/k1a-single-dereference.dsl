// "Calling kvm_memslots() twice is the root cause": with one dereference an entry is stale only
// under the number of its own array.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c before August 2014 (ee3d1570b586 is the
// fix).
// Variant: the fault dereferences once.
//
// Expected: everything proved. The generation of an array never changes, so slot and number
// belong together, and the grace period keeps the array from being reused under the reader.
//
// Bounds: two updates, so that the freed array can come back as the second copy.

protocol k1a_single_dereference "as k1-original, but slot and generation come through one pointer"

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
    synchronize_srcu_expedited(srcu)
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
expect stale_after_return proved
expect stale_at_any_time  proved
expect hit_after_return   proved
expect hit_at_any_time    proved
expect deadlock           proved
expect use_after_free     proved
