// expect E522 at 7, E522 at 9, E522 at 10, E507 at 13, E401 at 14, E522 at 20, E302 at 25, E522 at 26
protocol broken
spinlock l
shared x = 0
thread task {
    local_irq_save(flags)
    x = flags
    local_irq_restore(flags)
    spin_lock_irqsave(l, x)
    spin_unlock_irqrestore(l, x + 1)
}
thread other {
    if (x == 1) local_irq_save(own)
    local_irq_restore(own)
    x = 2
}
thread third {
    n = x
    assert n == 0
    local_irq_restore(n)
    x = 3
}
thread fourth {
    n = x
    local_irq_save(n)
    local_irq_restore(n)
    assert n == 0
}
never y: x == 5 finally
bounds task 1, other 1, third 1, fourth 1
