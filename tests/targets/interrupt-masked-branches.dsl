// Interrupts are off on both ways, by different steps, and on in the middle of a saved section.

protocol interrupt_masked_branches

mutex m
spinlock l
shared x = 0
shared y = 0

thread task {
    local_irq_save(flags)
    either {
        x = 1
        local_irq_enable()
        y = 1
        local_irq_disable()
    } or {
        x = 2
    }
    a = x
    b = y
    local_irq_restore(flags)
    spin_lock_irq(l)
    if (y == 7) {
        mutex_lock(m)
        x = 3
        mutex_unlock(m)
    }
    spin_unlock_irq(l)
}

thread irq on task {
    spin_lock_irqsave(l, saved)
    x += 4
    y += 6
    spin_unlock_irqrestore(l, saved)
}

never moved: task[0].a == 6 finally
never seen: task[0].a == 5 && task[0].b == 7 finally
never split: task[0].a == 5 && task[0].b == 1 finally
never last: x == 7 finally

bounds task 1, irq 1
