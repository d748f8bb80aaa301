// Two flushes, one of everything and one of a single page, may be handled in either order.

protocol tlb_order "a partial flush is done always"

shared pte[2] = 1
shared tlb[2] = 1     // of the one CPU that receives
shared tlb_gen = 1    // mm->context.tlb_gen
shared local_gen = 1  // the CPU's
shared ipi_all = 0    // the generation that the IPI carries, 0: none
shared ipi_one = 0
shared acked_all = 0
shared acked_one = 0

thread flush_all {
    pte[0] = 0
    new = atomic_inc_return(tlb_gen)
    ipi_all = new
    done = acked_all
    assume done == 1  // waits for the answer
    gone: assert tlb[0] == 0
}

thread flush_one {
    pte[1] = 0
    new = atomic_inc_return(tlb_gen)
    ipi_one = new
    done = acked_one
    assume done == 1  // waits for the answer
    gone_one: assert tlb[1] == 0
}

thread cpu {
    a = tlb[0]
    b = tlb[1]
    assert a + b >= 0
}

thread handle_all on cpu {
    new = ipi_all
    assume new != 0
    local = local_gen
    mm = tlb_gen
    if (local != mm) {
        tlb[0] = 0
        tlb[1] = 0
        local_gen = mm
    }
    acked_all = 1
}

thread handle_one on cpu {
    new = ipi_one
    assume new != 0
    local = local_gen
    mm = tlb_gen
    if (local != mm) {
        if (new == 0)
            tlb[0] = 0  // not partial: everything
        tlb[1] = 0
        local_gen = mm
    }
    acked_one = 1
}

reach answers: acked_all == 1 && acked_one == 1

bounds flush_all 1, flush_one 1, cpu 1, handle_all 1, handle_one 1
expect gone     refuted
expect gone_one proved
