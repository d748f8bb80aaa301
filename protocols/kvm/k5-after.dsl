// The entry gets the full generation, low bit included, taken by a second dereference after the
// data; a hit needs equality.
//
// Source: 56f17dd3fbc4, August 2014, arch/x86/kvm/x86.h, on the update of k4-as-merged.
//
// Expected: the two "after return" properties proved: an entry filled while an update runs has
// an odd number, which is gone when the update returns. The other two refuted: until then the
// odd number matches, and the fault may have read the slot before the publish.
//
// Bounds: two updates, so that an access may begin between them.

protocol k5_after "the per-vCPU cache stores the full generation"

struct memslots { slot, generation }

srcu   srcu
object second: memslots = { slot: 0, generation: 0 }
rcu    slots: memslots = { slot: 0, generation: 0 }
shared retired: memslots = second  // the array that is not published; slots_lock protects it
cache  mmio { slot, generation }   // one entry per vCPU

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
    gen = rcu_dereference(slots).generation
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
