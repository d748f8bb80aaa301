protocol interrupt_deadlock "the interrupt waits for what the lane holds"

spinlock l
shared x = 0

thread task {
    spin_lock(l)
    x++
    spin_unlock(l)
}

thread irq on task {
    spin_lock(l)
    x++
    spin_unlock(l)
}

never odd: x == 1 finally

bounds task 1, irq 1
