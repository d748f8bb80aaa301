// Is the zap early enough for an access that has loaded its entry and not yet the generation?
//
// Source: 152482580a1b, February 2019, virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c. The kernel's
// tag has 19 bits, this one two and the place of the low bit; an update adds 4 (two address
// spaces, low bit).
//
// Expected: all four refuted. Both hits with two updates already: the access loads the entry of
// array 0, zap and store pass, the access loads the wrapped number. Nothing in the update waits
// for it: its section began after the grace period. It would have to wait after the zap. The
// snapshots are proved with two updates, and were believed to be proved; the third update refutes
// them as in k8-after-one-step.
//
// Bounds: the number is 0, 4, 8, 12: the tag wraps at 8, and is 4 again at 12.

protocol k8_after_two_steps "as k8-after-one-step, but entry first, generation later"

const STEP = 3           // KVM_ADDRESS_SPACE_NUM * 2 - 1: drops the low bit
const MMIO_GEN_MASK = 7  // what a generation is compared in
const MMIO_TAG_MASK = 6  // what an entry keeps of it: not the low bit

struct memslots { slot, generation }

srcu   srcu
rcu    slots: memslots = { slot: 0, generation: 0 }
shared cache spte { slot, tag: bits 3 }  // one entry for all vCPUs

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh
    new.generation = old.generation + 1  // low bit: in progress
    rcu_assign_pointer(slots, new)
    synchronize_srcu_expedited(srcu)
    next = new.generation + STEP
    if ((next & MMIO_GEN_MASK) == 0)
        zap(spte)
    new.generation = next
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    gen = rcu_dereference(slots).generation
    spte = { slot: slot, tag: gen & MMIO_TAG_MASK }
    srcu_read_unlock(srcu)
}

thread access {
    want = settled(slots.slot)
    srcu_read_lock(srcu)
    e = spte  // the entry first, the generation later
    now = rcu_dereference(slots)
    gen = now.generation
    if (filled(e) && e.tag == (gen & MMIO_GEN_MASK)) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

never stale_after_return: spte.slot != slots.slot
    when spte.tag == (slots.generation & MMIO_GEN_MASK) settled
never stale_at_any_time:  spte.slot != slots.slot
    when spte.tag == (slots.generation & MMIO_GEN_MASK) always
reach hits:     at access.hit_after_return
reach hits_new: spte.slot != 0 && spte.tag == (slots.generation & MMIO_GEN_MASK)
reach wraps:    filled(spte) && slots.generation == 8

bounds updates 3, vcpu 2, rounds 2
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect hit_after_return   refuted
expect hit_at_any_time    refuted
expect deadlock           proved
