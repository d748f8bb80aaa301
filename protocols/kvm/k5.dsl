// The per-vCPU cache of the last address that had no slot.
//
// Source: 56f17dd3fbc4, August 2014, arch/x86/kvm/x86.h (vcpu_cache_mmio_info and its users), and
// ddfd1730fd82, February 2019, on the update of k4-as-merged.
//
// Expected: `after`: the two "after return" properties proved: an entry filled while an update runs
// has an odd number, which is gone when the update returns. The other two refuted: until then the
// odd number matches, and the fault may have read the slot before the publish.
//
// Bounds: two updates, so that an access may begin between them. They contain the refutations of
// `after`, so that the proofs of `no_fill_in_flux` say something.

protocol k5 "the per-vCPU cache stores the full generation"

// The entry gets the full generation, low bit included, taken by a second dereference after the
// data; a hit needs equality.
variant after
// Before 56f17dd3fbc4. The fast path of a vCPU looks only at its own {address, info}, which some
// events clear, but no update of the slots: nothing connects the entry with the update, all four
// refuted, with one update and one vCPU already. The flush is there and does not help, as nothing
// makes it happen. A vCPU clears its own entry; zap clears those of all vCPUs at once, in a lane of
// its own. No refutation needs it.
variant before "the per-vCPU cache has no generation and is cleared only explicitly"
// ddfd1730fd82, called K6. Its author writes that it is unclear whether this is strictly necessary.
// Everything proved. Compared with `after` that is the answer: not necessary for what holds after
// the update has returned (`after` has it too), necessary for "a hit never uses an entry that
// differs from the slots it was validated against".
variant no_fill_in_flux "nothing is cached while an update is in progress"

struct memslots { slot, generation }

srcu   srcu
object second: memslots = { slot: 0, generation: 0 }
rcu    slots: memslots = { slot: 0, generation: 0 }
shared retired: memslots = second  // the array that is not published; slots_lock protects it

in before: cache mmio { slot } per vcpu         // one entry per vCPU
not in before: cache mmio { slot, generation }  // one entry per vCPU

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
    in before: mmio = { slot: slot }
    not in before: gen = rcu_dereference(slots).generation
    in after: mmio = { slot: slot, generation: gen }
    in no_fill_in_flux {
        if (gen % 2 == 0)  // an update is in progress: do not cache
            mmio = { slot: slot, generation: gen }
    }
    srcu_read_unlock(srcu)
}

thread access {
    want = settled(slots.slot)
    srcu_read_lock(srcu)
    e = mmio
    now = rcu_dereference(slots)
    in before: if (filled(e)) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    not in before: if (filled(e) && e.generation == now.generation) {
        hit_after_return: assert e.slot >= want
        hit_at_any_time: assert e.slot == now.slot
    }
    srcu_read_unlock(srcu)
}

lanes vcpu: page_fault, access

in before {
    thread flush_tlb {
        zap(mmio)
    }

    never stale_after_return: mmio.slot != slots.slot settled
    never stale_at_any_time:  mmio.slot != slots.slot always
}
not in before {
    never stale_after_return: mmio.slot != slots.slot
        when mmio.generation == slots.generation settled
    never stale_at_any_time:  mmio.slot != slots.slot
        when mmio.generation == slots.generation always
}
reach hits: at access.hit_after_return
in before: reach hits_new: mmio.slot != 0
not in before: reach hits_new: mmio.slot != 0 && mmio.generation == slots.generation

in before: bounds updates 2, vcpu 2, flush_tlb 1, rounds 2
not in before: bounds updates 2, vcpu 2, rounds 2
expect stale_after_return proved
expect stale_after_return refuted for before
expect stale_at_any_time  refuted
expect stale_at_any_time  proved for no_fill_in_flux
expect hit_after_return   proved
expect hit_after_return   refuted for before
expect hit_at_any_time    refuted
expect hit_at_any_time    proved for no_fill_in_flux
expect deadlock           proved
// No line under lkmm: the second raise of the generation is plain, as are its loads. They race.
