// The ABA problem that the transaction id is for.
//
// Source: mm/slub.c (slab_alloc_node's fast path: this_cpu_cmpxchg_double on freelist and tid).
// Variant: a list head without an id.
//
// Expected: refuted: head and successor are read; the interrupt takes both and gives the head
// back; the head compares equal and the successor, which is in use, becomes the new head.
//
// Bounds: three objects, two allocations, two interrupts anywhere. Interrupts move the id by at
// most 6, so three bits tell; the kernel's id is a long.

protocol m9_head_only "as m9-freelist-pop, but only the head is compared"

struct chunk { next: chunk, ghost owner }  // owner: 0 while it is free

object a: chunk = { next: b }
object b: chunk = { next: c }
object c: chunk = { next: null }
shared freelist: chunk = a

thread slab_alloc {
    head = freelist
    if (head == null)
        return
    next = head.next
    if (try_cmpxchg(freelist, head, next)) {
        take: head.owner += 1
        taken_once: assert head.owner == 1
    }
}

thread irq on slab_alloc {
    first = freelist
    if (first == null)
        return
    second = first.next
    if (second == null)
        return
    freelist = second.next  // takes two
    first.owner = 2
    second.owner = 2
    first.next = second.next
    first.owner = 0
    freelist = first  // gives one back
}

never owned_in_freelist: freelist.owner != 0 when freelist != null always
reach takes: at slab_alloc.take

bounds slab_alloc 1, irq 1, rounds 2
expect taken_once        refuted
expect owned_in_freelist refuted
expect null_dereference  proved
