// At a wrap of the generation an entry of the last cycle matches again, so a wrap zaps all
// entries. Before or after the wrapped number becomes visible, and is that enough?
//
// Source: 152482580a1b, February 2019, virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c. The kernel's
// tag has 19 bits, this one two and the place of the low bit; an update adds 4 (two address
// spaces, low bit).
//
// Expected: only who caches nothing while an update runs is safe, and whose access takes two steps
// has to be waited for besides. A fault between zap and store makes an entry of array 2 with the
// tag of before the wrap (5 & 6 = 4). No zap comes before the tag is 4 again: the third update
// stores 12, 12 & 7 = 4, and the entry matches array 3. What was believed to be the answer is what
// two updates, which are one wrap, show: there `after` is proved.
//
// Bounds: the number is 0, 4, 8, 12: the tag wraps at 8, and is 4 again at 12. Without a zap two
// updates are enough.

protocol k8 "the zap at a wrap of the generation"

// The fix: when the wrapped number becomes visible, no entry of the last cycle is left. One is left
// for the next: all four refuted.
variant after "zap, then store the wrapped generation; an access reads all at once"
// Before the fix: all four refuted. Between store and zap an entry of array 0 matches the number of
// array 2: both "at any time". hit_after_return: the hit happens while the second update runs, and
// the entry is older than what the *first*, which has returned, published. stale_after_return is
// proved with two updates, because the zap is done before the update returns, and was believed to
// be proved. But a fault that has loaded the number of before the store makes its entry after the
// zap, with tag 4 (5 & 6), and the third update stores 12. mmu_lock prevents that: `locked_before`.
variant before "store the wrapped generation, then zap"
// What the zap is for: the entry of array 0 matches array 2, and goes on doing so.
variant no_zap "nothing is zapped at a wrap"
// Is the zap early enough for who has loaded the entry and not yet the generation? Both hits
// refuted with two updates already: the access loads the entry of array 0, zap and store pass, the
// access loads the wrapped number. Nothing in the update waits for it: its section began after the
// grace period. It would have to wait after the zap. The snapshots are proved with two updates, and
// were believed to be proved; the third update refutes them as in `after`.
variant two_steps "an access loads the entry first, the generation later"
// It contains `before`. stale_after_return is proved with two updates here too.
variant before_two_steps "store, then zap, with an access of two steps" = before, two_steps
variant no_zap_two_steps "nothing is zapped, with an access of two steps" = no_zap, two_steps
// Is the zap late enough? A fault between zap and store still sees the number of before the wrap.
// The kernel's mmu_lock, which is left out here, does not help: `locked`.
variant second_cycle "faults alone; the entries themselves show it"
// Both refuted, as `second_cycle`: the fault takes the lock after the zap has left it and before
// the store.
variant locked "mmu_lock around the zap, and around what a fault reads and stores" = second_cycle
// The order before the fix does not have that window. stale_after_return proved: a fault that gets
// the lock after the zap reads the wrapped number, and what a fault made earlier is zapped.
// stale_at_any_time refuted: between store and zap the entries of the last cycle match, which is
// what the fix is about.
variant locked_before "store, then zap, with mmu_lock around both" = before, locked
// The test of K6 closes the window of `second_cycle`. An entry with an even number was made inside
// a section that the grace period of the next update has waited for, so before that update's zap.
variant no_fill_in_flux "no fill while an update runs"
// Ours, in no kernel. What would be early enough for an access of two steps, and leave nothing
// behind. An access that has loaded an old entry is waited for, so it compares before the number
// wraps; what a fault would add after the zap is not cached.
variant zap_then_wait "zap, wait, store, and no fill meanwhile" = two_steps, no_fill_in_flux

const STEP = 3           // KVM_ADDRESS_SPACE_NUM * 2 - 1: drops the low bit
const MMIO_GEN_MASK = 7  // what a generation is compared in
const MMIO_TAG_MASK = 6  // what an entry keeps of it: not the low bit

struct memslots { slot, generation }

srcu srcu
in locked: spinlock mmu_lock
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
    in before, no_zap: new.generation = next
    not in no_zap: if ((next & MMIO_GEN_MASK) == 0) {
        in locked: spin_lock(mmu_lock)
        zap(spte)
        in locked: spin_unlock(mmu_lock)
        in zap_then_wait: synchronize_srcu_expedited(srcu)
    }
    not in before, no_zap: new.generation = next
}

fault page_fault {
    srcu_read_lock(srcu)
    slot = rcu_dereference(slots).slot
    in locked: spin_lock(mmu_lock)
    gen = rcu_dereference(slots).generation
    in no_fill_in_flux {
        if (gen % 2 == 0)
            spte = { slot: slot, tag: gen & MMIO_TAG_MASK }
    }
    not in no_fill_in_flux: spte = { slot: slot, tag: gen & MMIO_TAG_MASK }
    in locked: spin_unlock(mmu_lock)
    srcu_read_unlock(srcu)
}

not in second_cycle {
    thread access {
        want = settled(slots.slot)
        srcu_read_lock(srcu)
        not in two_steps: atomic {  // as if entry and generation were loaded at one instant
            e = spte
            now = rcu_dereference(slots)
            gen = now.generation
        }
        in two_steps {
            e = spte  // the entry first, the generation later
            now = rcu_dereference(slots)
            gen = now.generation
        }
        if (filled(e) && e.tag == (gen & MMIO_GEN_MASK)) {
            hit_after_return: assert e.slot >= want
            hit_at_any_time: assert e.slot == now.slot
        }
        srcu_read_unlock(srcu)
    }

    lanes vcpu: page_fault, access
}

never stale_after_return: spte.slot != slots.slot
    when spte.tag == (slots.generation & MMIO_GEN_MASK) settled
never stale_at_any_time:  spte.slot != slots.slot
    when spte.tag == (slots.generation & MMIO_GEN_MASK) always
not in second_cycle: reach hits: at access.hit_after_return
reach hits_new: spte.slot != 0 && spte.tag == (slots.generation & MMIO_GEN_MASK)
reach wraps:    filled(spte) && slots.generation == 8

in second_cycle: bounds updates 3, faults 2
in no_zap: bounds updates 2, vcpu 2, rounds 2
not in second_cycle, no_zap: bounds updates 3, vcpu 2, rounds 2

expect stale_after_return refuted
expect stale_after_return proved for no_fill_in_flux, locked_before
expect stale_at_any_time  refuted
expect stale_at_any_time  proved for no_fill_in_flux
expect hit_after_return   refuted
expect hit_after_return   proved for no_fill_in_flux
expect hit_at_any_time    refuted
expect hit_at_any_time    proved for no_fill_in_flux
expect deadlock           proved
expect lock_misuse        proved
// No line under lkmm: the stores to the generation of a published array are plain, and so is the entry
// that all vCPUs write. Both race. An access that reads all at once has no meaning there.
