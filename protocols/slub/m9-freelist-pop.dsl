// The fast path reads id, head and the head's successor, then swaps both words at once if
// neither has moved. An interrupt on the same CPU may take and give back objects in between.
//
// Source: mm/slub.c (slab_alloc_node's fast path: this_cpu_cmpxchg_double on freelist and tid).
//
// Expected: proved. The id moves with every change of the list, so a head that has come back is
// told from one that never left.
//
// Bounds: three objects, two allocations, two interrupts anywhere. Interrupts move the id by at
// most 6, so three bits tell; the kernel's id is a long. One CPU: cpu_slab is that of one, and the
// interrupt writes it without a swap. With `slab_alloc 2` another CPU swaps it in the midst of the
// interrupt, and both claims fall. In the kernel that CPU has its own.

protocol m9_freelist_pop "head and transaction id are compared and swapped together"

struct chunk { next: chunk, ghost owner }  // owner: 0 while it is free

object a: chunk = { next: b }
object b: chunk = { next: c }
object c: chunk = { next: null }
word   cpu_slab { freelist: chunk, tid: bits 3 } = { freelist: a, tid: 0 }  // swapped at once

thread slab_alloc {
    tid = cpu_slab.tid
    head = cpu_slab.freelist
    if (head == null)
        return
    next = head.next
    if (cmpxchg_double(cpu_slab, { freelist: head, tid: tid }, { freelist: next, tid: tid + 1 })) {
        take: head.owner += 1
        taken_once: assert head.owner == 1
    }
}

thread irq on slab_alloc {
    s = cpu_slab
    first = s.freelist
    if (first == null)
        return
    second = first.next
    if (second == null)
        return
    cpu_slab = { freelist: second.next, tid: s.tid + 2 }  // takes two
    first.owner = 2
    second.owner = 2
    first.next = second.next
    first.owner = 0
    cpu_slab = { freelist: first, tid: s.tid + 3 }  // gives one back
}

never owned_in_freelist: cpu_slab.freelist.owner != 0 when cpu_slab.freelist != null always
reach takes: at slab_alloc.take

bounds slab_alloc 1, irq 1, rounds 2
expect taken_once        proved
expect owned_in_freelist proved
expect null_dereference  proved
