// Is the zap late enough? A fault between zap and store still sees the number of before the
// wrap.
//
// Source: 152482580a1b, February 2019, virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c. The kernel's
// tag has 19 bits, this one two and the place of the low bit; an update adds 4 (two address
// spaces, low bit).
// Variant: only the faults of k8-after-one-step; the entries themselves show it.
//
// Expected: both refuted. The fault of the second update, after the zap, makes an entry of array
// 2 with the tag of before the wrap (5 & 6 = 4). No zap will come before the tag is 4 again: the
// third update stores 12, 12 & 7 = 4, and the entry matches array 3. The kernel's mmu_lock,
// which is left out here, does not help: k8-locked-after.
//
// Bounds: the number is 0, 4, 8, 12: the tag wraps at 8, and is 4 again at 12.

protocol k8_after_second_cycle "as k8-after-one-step, but faults alone"

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

never stale_after_return: spte.slot != slots.slot
    when spte.tag == (slots.generation & MMIO_GEN_MASK) settled
never stale_at_any_time:  spte.slot != slots.slot
    when spte.tag == (slots.generation & MMIO_GEN_MASK) always
reach hits_new: spte.slot != 0 && spte.tag == (slots.generation & MMIO_GEN_MASK)
reach wraps:    filled(spte) && slots.generation == 8

bounds updates 3, faults 2
expect stale_after_return refuted
expect stale_at_any_time  refuted
expect deadlock           proved
