// The fast path reads id, head and the head's successor, then swaps both words at once if
// neither has moved. An interrupt on the same CPU may take and give back objects in between.
//
// Source: mm/slub.c (slab_alloc_node's fast path: this_cpu_cmpxchg_double on freelist and tid).
//
// Expected: proved for `freelist_pop` and `id_after_head`. The id moves with every change of the
// list, so a head that has come back is told from one that never left. What has to come after the
// id is the successor.
//
// Bounds: three objects, two allocations, two interrupts anywhere. Interrupts move the id by at
// most 6, so three bits tell; the kernel's id is a long. One CPU: cpu_slab is that of one, and the
// interrupt writes it without a swap. With `slab_alloc 2` another CPU swaps it in the midst of the
// interrupt, and both claims fall. In the kernel that CPU has its own.

protocol m9 "head and transaction id are compared and swapped together"

variant freelist_pop
// Proved, though one might look for the ABA problem here. The swap says that the list has not
// changed since the id was read, and that the head is the one of then; the successor is read after
// the id.
variant id_after_head "head, id, successor"
// Refuted: the interrupt comes before the id is read, takes the head and its successor and gives
// the head back; the successor that the swap installs is in use.
variant id_after_next "head, successor, id"
// The ABA problem that the transaction id is for: head and successor are read; the interrupt takes
// both and gives the head back; the head compares equal and the successor, which is in use, becomes
// the new head.
variant head_only "a list head without an id: only the head is compared"

struct chunk { next: chunk, ghost owner }  // owner: 0 while it is free

object a: chunk = { next: b }
object b: chunk = { next: c }
object c: chunk = { next: null }
in head_only: shared freelist: chunk = a
not in head_only {
    word cpu_slab { freelist: chunk, tid: bits 3 } = { freelist: a, tid: 0 }  // swapped at once
}

// What an allocation has is nobody else's.
define take(chunk) {
    own: chunk.owner += 1
    taken_once: assert chunk.owner == 1
}

thread slab_alloc {
    in freelist_pop: tid = cpu_slab.tid
    in head_only: head = freelist
    not in head_only: head = cpu_slab.freelist
    if (head == null)
        return
    in id_after_head: tid = cpu_slab.tid
    next = head.next
    in id_after_next: tid = cpu_slab.tid
    in head_only {
        if (try_cmpxchg(freelist, head, next))
            take(head)
    }
    not in head_only {
        if (cmpxchg_double(cpu_slab, { freelist: head, tid: tid }, { freelist: next, tid: tid + 1 }))
            take(head)
    }
}

thread irq on slab_alloc {
    in head_only: first = freelist
    not in head_only {
        s = cpu_slab
        first = s.freelist
    }
    if (first == null)
        return
    second = first.next
    if (second == null)
        return
    in head_only: freelist = second.next                                    // takes two
    not in head_only: cpu_slab = { freelist: second.next, tid: s.tid + 2 }  // takes two
    first.owner = 2
    second.owner = 2
    first.next = second.next
    first.owner = 0
    in head_only: freelist = first                                    // gives one back
    not in head_only: cpu_slab = { freelist: first, tid: s.tid + 3 }  // gives one back
}

in head_only: never owned_in_freelist: freelist.owner != 0 when freelist != null always
not in head_only: never owned_in_freelist: cpu_slab.freelist.owner != 0
    when cpu_slab.freelist != null always
reach takes: at take.own

bounds slab_alloc 1, irq 1, rounds 2
expect taken_once        proved for any number
expect taken_once        refuted for id_after_next, head_only
expect owned_in_freelist proved for any number
expect owned_in_freelist refuted for id_after_next, head_only
expect null_dereference  proved
// No line under lkmm, which knows CPUs and no interrupts.
