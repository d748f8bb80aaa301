// Does mmu_lock close the window between zap and store?
//
// Source: 152482580a1b, February 2019, virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c. The kernel's
// tag has 19 bits, this one two and the place of the low bit; an update adds 4 (two address
// spaces, low bit).
// Variant: k8-after-second-cycle, with mmu_lock around the zap, and around the second
// dereference and the store of the fault.
//
// Expected: both refuted, as k8-after-second-cycle: the fault takes the lock after the zap has
// left it and before the store.
//
// Bounds: those of k8-after-second-cycle.

protocol k8_locked_after "as k8-after-second-cycle, with mmu_lock"

const STEP = 3           // KVM_ADDRESS_SPACE_NUM * 2 - 1: drops the low bit
const MMIO_GEN_MASK = 7  // what a generation is compared in
const MMIO_TAG_MASK = 6  // what an entry keeps of it: not the low bit

struct memslots { slot, generation }

srcu     srcu
spinlock mmu_lock
rcu      slots: memslots = { slot: 0, generation: 0 }
shared   cache spte { slot, tag: bits 3 }  // one entry for all vCPUs

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh
    new.generation = old.generation + 1  // low bit: in progress
    rcu_assign_pointer(slots, new)
    synchronize_srcu_expedited(srcu)
    next = new.generation + STEP
    if ((next & MMIO_GEN_MASK) == 0) {
        spin_lock(mmu_lock)
        zap(spte)
        spin_unlock(mmu_lock)
    }
    new.generation = next
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    spin_lock(mmu_lock)
    gen = rcu_dereference(slots).generation
    spte = { slot: slot, tag: gen & MMIO_TAG_MASK }
    spin_unlock(mmu_lock)
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
expect lock_misuse        proved
