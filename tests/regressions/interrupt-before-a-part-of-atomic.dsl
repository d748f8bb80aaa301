// 2026-11-30 interrupt-before-a-part-of-atomic: whether an atomic block began with its first access or
// with its second depended on a local; before the second no interrupt came (PROVED, not REFUTED).

protocol part

spinlock l
shared x = 1
shared z = 0
shared g = 0

thread task {
    c = z
    spin_lock(l)
    atomic {
        r = c && x
        g = 1
    }
    assert r == 0
    spin_unlock(l)
}

thread irq on task {
    if (g == 0) {
        spin_lock(l)
        spin_unlock(l)
    }
}

bounds task 1, irq 1
expect deadlock refuted
