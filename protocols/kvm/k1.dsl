// A fault finds that an address has no memory slot and caches that with the generation; an
// access believes the entry while the generation matches.
//
// Source: virt/kvm/kvm_main.c and arch/x86/kvm/mmu.c before August 2014 (ee3d1570b586 is the
// fix).
//
// Expected: `original`: the fault reads the old slot, the update publishes, the fault reads the new
// generation: a stale entry under the current number, for ever. All four refuted. The grace period
// still keeps readers off the freed array: use_after_free proved. Everything proved for
// `single_dereference` and `sampled_first`, and there the grace period is needed because the array
// is freed: as long as it is not, everything stays proved without it.
//
// Bounds: one update shows the race of `original`. Two of them, so that the array that is freed by
// one can come back as the copy of the other, and so that a fault can straddle one and an access
// the other.

protocol k1 "the generation moves with the pointer, and is read through it a second time"

variant original
// A reader may hold the array that is freed: as `original`, and use_after_free refuted: a fault
// between its dereference and its load of the field, the update publishes and frees.
variant no_grace_period "the old array is freed at once"
// "Calling kvm_memslots() twice is the root cause": with one dereference an entry is stale only
// under the number of its own array. The generation of an array never changes, so slot and number
// belong together, and the grace period keeps the array from being reused under the reader.
variant single_dereference "slot and generation come through one pointer"
// Is the grace period still needed? Where the array is freed: yes, and not for memory safety alone.
// use_after_free refuted. The rest refuted too, with two updates: the fault reads the slot, the
// array is freed and comes back as the copy of the second update, the fault reads that generation
// through the pointer it still holds.
variant single_no_grace_period "one pointer, freed at once" = single_dereference, no_grace_period
// The other half: what the grace period does for the cached entry is only to keep the array from
// being reused. A fault that holds an old array caches that array's own number.
variant single_never_freed "one pointer, no grace period and no free" = single_dereference
// The order that every sequence counter uses: number first, then the data. The slot is at least as
// new as the number beside it; a number that is too old only costs a miss.
variant sampled_first "the fault samples the generation before the look-up"
// Is the grace period still needed? Where the array is freed: yes. use_after_free refuted. The rest
// refuted with two updates: the fault holds the pointer to the first array; it is freed and comes
// back as the second copy; the fault reads the number that copy is about to be published under,
// then looks the address up in the array before it.
variant sampled_no_grace_period "sampled first, freed at once" = sampled_first, no_grace_period
// The other half: number before data needs no grace period, freeing does. The argument of
// `sampled_first` nowhere uses it.
variant sampled_never_freed "sampled first, no grace period and no free" = sampled_first

struct memslots { slot, generation }

srcu  srcu
rcu   slots: memslots = { slot: 0, generation: 0 }
cache mmio { slot, generation }  // one entry per vCPU: this address has no slot

update set_memory_region {
    old = slots
    new = copy old
    new.slot = fresh
    new.generation = old.generation + 1
    rcu_assign_pointer(slots, new)
    not in single_never_freed, sampled_never_freed {
        not in no_grace_period: synchronize_srcu_expedited(srcu)
        kfree(old)
    }
}

fault page_fault {
    srcu_read_lock(srcu)
    in single_dereference {
        p = rcu_dereference(slots)
        slot = p.slot
        gen = p.generation
    }
    in sampled_first {
        gen = rcu_dereference(slots).generation  // before the look-up
        slot = rcu_dereference(slots).slot
    }
    not in single_dereference, sampled_first {
        slot = rcu_dereference(slots).slot
        gen = rcu_dereference(slots).generation  // the second dereference
    }
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
expect stale_after_return refuted for original, no_grace_period
expect stale_at_any_time  proved
expect stale_at_any_time  refuted for original, no_grace_period
expect hit_after_return   proved
expect hit_after_return   refuted for original, no_grace_period
expect hit_at_any_time    proved
expect hit_at_any_time    refuted for original, no_grace_period
expect deadlock           proved
expect use_after_free     proved
expect use_after_free     refuted for no_grace_period
// No line under lkmm, as that takes some ten seconds: no access races, and all is as under sc, but for
// what is refuted by having a freed array again. There use_after_free is refuted, and the rest is UNKNOWN.
