// An atomic block branches: nothing comes between what it reads and what it writes of that.

protocol atomic_branches

spinlock l
shared pte = 0
shared tlb = 0
shared seen = 0

thread cpu {
    atomic {
        p = pte
        if (p == 1) {
            tlb = 1
            seen = 1
        } else {
            either { tlb = 2 } or { }
        }
    }
    spin_lock(l)
    atomic {
        if (p == 0)
            tlb = 0
        q = pte
    }
    spin_unlock(l)
    assert p == 0 || q == 1
}

thread map {
    pte = 1
    a = tlb
    b = seen
}

thread irq on cpu {
    if (pte == 0) {
        spin_lock(l)
        seen = 3
        spin_unlock(l)
    }
}

never torn: map[0].a == 1 && map[0].b == 0 finally
never half: tlb == 1 && seen == 0 always
never empty: map[0].a == 2 && cpu[0].p == 1 finally
bounds cpu 1, map 1, irq 1
