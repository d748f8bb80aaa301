// With interrupts off a lane waits for what only its interrupt would do.

protocol interrupt_masked_waits

spinlock l
shared ready = 0

thread task {
    if (ready == 0) {
        local_irq_disable()
        wait until (READ_ONCE(ready) == 1)
        local_irq_enable()
    }
}

thread irq on task {
    spin_lock(l)
    ready = 1
    spin_unlock(l)
}

never ended: ready == 1 finally

bounds task 1, irq 1
