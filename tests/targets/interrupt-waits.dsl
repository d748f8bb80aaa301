protocol interrupt_waits "of two interrupts one waits, and no lane for ever"

mutex m
spinlock l
shared x = 0

thread task {
    x++
    y = x
}

thread irq on task {
    spin_lock(l)
    x++
    spin_unlock(l)
}

thread other {
    spin_lock(l)
    x++
    spin_unlock(l)
}

never none: task[0].y == 0 finally

bounds task 1, irq 2, other 1
