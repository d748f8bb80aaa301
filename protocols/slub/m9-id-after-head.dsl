// Does the id have to be read before the head, or only before the successor?
//
// Source: mm/slub.c (slab_alloc_node's fast path: this_cpu_cmpxchg_double on freelist and tid).
// Variant: head, id, successor.
//
// Expected: proved, though one might look for the ABA problem here. The swap says that the list
// has not changed since the id was read, and that the head is the one of then; the successor is
// read after the id. What has to come after the id is the successor: m9-id-after-next is
// refuted.
//
// Bounds: three objects, two allocations, two interrupts anywhere. Interrupts move the id by at
// most 6, so three bits tell; the kernel's id is a long. One CPU: cpu_slab is that of one, and the
// interrupt writes it without a swap. With `slab_alloc 2` another CPU swaps it in the midst of the
// interrupt, and both claims fall. In the kernel that CPU has its own.

protocol m9_id_after_head "as m9-freelist-pop, but the id is read after the head"

struct chunk { next: chunk, ghost owner }  // owner: 0 while it is free

object a: chunk = { next: b }
object b: chunk = { next: c }
object c: chunk = { next: null }
word   cpu_slab { freelist: chunk, tid: bits 3 } = { freelist: a, tid: 0 }  // swapped at once

thread slab_alloc {
    head = cpu_slab.freelist
    if (head == null)
        return
    tid = cpu_slab.tid
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
