// The low bit becomes a flag, later bit 63 (here 64): the number itself moves once, after the
// grace period, by the number of address spaces.
//
// Source: 361209e054a2 and 164bf7e56c5a, February 2019, virt/kvm/kvm_main.c and
// arch/x86/kvm/mmu.c.
//
// Expected: everything proved for `flag_bit63`. The tag drops the flag, so an entry made while an
// update runs has the old number; the flag keeps it from matching until the number moves.
//
// Bounds: two updates, so that an access may begin between them.

protocol k7 "a flag marks an update in progress, and an access that sees it misses"

variant flag_bit63
// What the test of the flag is for: without it the protocol is the one of k2-xiao. The access
// compares the number without the flag. After return proved, at any time refuted: while an update
// runs, entries from before the publish still match.
variant no_flag_test "an access does not look at the flag"

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
    in flag_bit63: if (filled(e) && (gen & IN_PROGRESS) == 0 && e.tag == (gen & NUMBER)) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    in no_flag_test: if (filled(e) && e.tag == (gen & NUMBER)) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

in flag_bit63 {
    never stale_after_return: spte.slot != slots.slot
        when spte.tag == (slots.generation & NUMBER) && (slots.generation & IN_PROGRESS) == 0 settled
    never stale_at_any_time:  spte.slot != slots.slot
        when spte.tag == (slots.generation & NUMBER) && (slots.generation & IN_PROGRESS) == 0 always
}
in no_flag_test {
    never stale_after_return: spte.slot != slots.slot
        when spte.tag == (slots.generation & NUMBER) settled
    never stale_at_any_time:  spte.slot != slots.slot
        when spte.tag == (slots.generation & NUMBER) always
}
reach hits: at access.hit_after_return
in flag_bit63: reach hits_new: spte.slot != 0 && spte.tag == (slots.generation & NUMBER) && (slots.generation & IN_PROGRESS) == 0
in no_flag_test: reach hits_new: spte.slot != 0 && spte.tag == (slots.generation & NUMBER)

bounds updates 2, vcpu 2, rounds 2
expect stale_after_return proved
expect stale_at_any_time  proved
expect stale_at_any_time  refuted for no_flag_test
expect hit_after_return   proved
expect hit_at_any_time    proved
expect hit_at_any_time    refuted for no_flag_test
expect deadlock           proved
expect use_after_free     proved
// No line under lkmm: the last store to the generation is plain, and so is the entry that all vCPUs
// write. Both race.
