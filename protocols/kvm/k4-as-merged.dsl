// The fault caches whatever it sees, but the tag drops the low bit: an entry made while an
// update runs carries the number from before the update, which no longer matches anything.
//
// Source: ee3d1570b586, August 2014, virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c. The update
// writes into the array that the last one retired.
//
// Expected: everything proved. What matters is that the tag is compared with the *full* number:
// odd never matches, and after the second increment the tag is one update behind.
//
// Bounds: two updates, so that the second writes into an array that readers have used.

protocol k4_as_merged "the entry's tag has no low bit, the generation it is compared with has one"

struct memslots { slot, generation }

srcu   srcu
object second: memslots = { slot: 0, generation: 0 }
rcu    slots: memslots = { slot: 0, generation: 0 }
shared retired: memslots = second  // the array that is not published; slots_lock protects it
shared cache spte { slot, tag }    // one entry for all vCPUs

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
    spte = { slot: slot, tag: gen >> 1 << 1 }  // without the low bit
    srcu_read_unlock(srcu)
}

thread access {
    want = settled(slots.slot)
    srcu_read_lock(srcu)
    e = spte
    now = rcu_dereference(slots)
    if (filled(e) && e.tag == now.generation) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

never stale_after_return: spte.slot != slots.slot when spte.tag == slots.generation settled
never stale_at_any_time:  spte.slot != slots.slot when spte.tag == slots.generation always
reach hits:     at access.hit_after_return
reach hits_new: spte.slot != 0 && spte.tag == slots.generation

bounds updates 2, vcpu 2, rounds 2
expect stale_after_return proved
expect stale_at_any_time  proved
expect hit_after_return   proved
expect hit_at_any_time    proved
expect deadlock           proved
// No line under lkmm: the second raise of the generation is plain, and so is the entry that all vCPUs
// write. Both race.
