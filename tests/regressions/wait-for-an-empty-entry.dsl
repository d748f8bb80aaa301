// 2026-11-22 wait-for-an-empty-entry: a field of an empty entry equals nothing, so a lane that
// waits for a value of it goes on waiting; the interpreter took the condition for undefined and
// let the lane pass (UNKNOWN, contradicted).

protocol wait_for_an_empty_entry

shared cache tlb { page }
shared cache old { page }
shared first = 0
shared second = 0
shared third = 0

thread reads {
    wait until (tlb.page == 1)
    first = 1
}

thread compares {
    e = old
    wait until (third == e.page)
    second = 1
}

thread differs {
    wait until (old.page != 3)
    third = 1
}

thread fills {
    tlb = { page: 2 }
    zap(tlb)
    zap(old)
}

never passed:   first == 1 || second == 1 always
reach  differs: third == 1
bounds reads 1, compares 1, differs 1, fills 1
expect passed   vacuous
expect deadlock refuted
expect passed   vacuous under tso
expect deadlock refuted under tso
