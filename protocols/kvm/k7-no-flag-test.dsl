// What the test of the flag is for: without it the protocol is the one of k2-xiao.
//
// Source: a variant of 361209e054a2, February 2019.
// Variant: the access compares the number without the flag and does not test the flag.
//
// Expected: as k2-xiao. After return proved, at any time refuted: while an update runs, entries
// from before the publish still match.
//
// Bounds: those of k7-flag-bit63.

protocol k7_no_flag_test "as k7-flag-bit63, but an access does not look at the flag"

const KVM_ADDRESS_SPACE_NUM = 2
const IN_PROGRESS = 64  // KVM_MEMSLOT_GEN_UPDATE_IN_PROGRESS
const NUMBER = 63       // ~IN_PROGRESS

struct memslots { slot, generation }

srcu   srcu
rcu    slots: memslots = { slot: 0, generation: 0 }
shared cache spte { slot, tag }  // one entry for all vCPUs

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh
    new.generation = old.generation | IN_PROGRESS
    rcu_assign_pointer(slots, new)
    synchronize_srcu_expedited(srcu)
    new.generation = (new.generation & NUMBER) + KVM_ADDRESS_SPACE_NUM
    kfree(old)
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    gen = rcu_dereference(slots).generation
    spte = { slot: slot, tag: gen & NUMBER }
    srcu_read_unlock(srcu)
}

thread access {
    want = settled(slots.slot)
    srcu_read_lock(srcu)
    e = spte
    now = rcu_dereference(slots)
    gen = now.generation
    if (filled(e) && e.tag == (gen & NUMBER)) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

never stale_after_return: spte.slot != slots.slot
    when spte.tag == (slots.generation & NUMBER) settled
never stale_at_any_time:  spte.slot != slots.slot
    when spte.tag == (slots.generation & NUMBER) always
reach hits:     at access.hit_after_return
reach hits_new: spte.slot != 0 && spte.tag == (slots.generation & NUMBER)

bounds updates 2, vcpu 2, rounds 2
expect stale_after_return proved
expect stale_at_any_time  refuted
expect hit_after_return   proved
expect hit_at_any_time    refuted
expect deadlock           proved
expect use_after_free     proved
