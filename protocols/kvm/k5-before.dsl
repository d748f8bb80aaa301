// The fast path of a vCPU looks only at its own {address, info}, which some events clear, but no
// update of the slots.
//
// Source: before 56f17dd3fbc4, August 2014, arch/x86/kvm/x86.h (vcpu_cache_mmio_info and its
// users).
//
// Expected: all four refuted: nothing connects the entry with the update.
//
// Bounds: one update and one vCPU show it; two of each, as in k5-after. The flush is there and
// does not help, as nothing makes it happen. A vCPU clears its own entry; zap clears those of all
// vCPUs at once, in a lane of its own. No refutation needs it.

protocol k5_before "the per-vCPU cache has no generation and is cleared only explicitly"

struct memslots { slot, generation }

srcu   srcu
object second: memslots = { slot: 0, generation: 0 }
rcu    slots: memslots = { slot: 0, generation: 0 }
shared retired: memslots = second  // the array that is not published; slots_lock protects it
cache  mmio { slot } per vcpu      // one entry per vCPU

update set_memory_region {
    old = slots
    new = retired
    copy old into new
    new.slot = fresh
    new.generation = old.generation + 1  // odd: in progress
    rcu_assign_pointer(slots, new)
    synchronize_srcu_expedited(srcu)
    new.generation = new.generation + 1
    retired = old
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    mmio = { slot: slot }
    srcu_read_unlock(srcu)
}

thread access {
    want = settled(slots.slot)
    srcu_read_lock(srcu)
    e = mmio
    now = rcu_dereference(slots)
    if (filled(e)) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

thread flush_tlb {
    zap(mmio)
}

never stale_after_return: mmio.slot != slots.slot settled
never stale_at_any_time:  mmio.slot != slots.slot always
reach hits:     at access.hit_after_return
reach hits_new: mmio.slot != 0

bounds updates 2, vcpu 2, flush_tlb 1, rounds 2
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect hit_after_return   refuted
expect hit_at_any_time    refuted
expect deadlock           proved
