// A fault finds that an address has no memory slot and caches that with the generation; an
// access believes the entry while the generation matches.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c before August 2014 (ee3d1570b586 is the
// fix).
//
// Expected: the fault reads the old slot, the update publishes, the fault reads the new
// generation: a stale entry under the current number, for ever. All four refuted. The grace
// period still keeps readers off the freed array: use_after_free proved.
//
// Bounds: one update shows the race; with two the freed array comes back as the next copy.

protocol k1_original "the generation moves with the pointer, and is read through it a second time"

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
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect hit_after_return   refuted
expect hit_at_any_time    refuted
expect deadlock           proved
expect use_after_free     proved
