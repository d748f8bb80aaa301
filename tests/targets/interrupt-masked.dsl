// A lane keeps interrupts off while it counts, and only then.

protocol interrupt_masked

shared x = 0
shared y = 0

thread task {
    local_irq_save(outer)
    r = x
    local_irq_save(inner)
    x = r + 1
    local_irq_restore(inner)
    y = 1
    local_irq_restore(outer)
    s = y
    y = s + 1
}

thread irq on task {
    local_irq_save(flags)
    x++
    a = y
    y = a + 4
    local_irq_restore(flags)
}

never lost: x != 2 finally
never half: irq[0].a == 0 && task[0].r == 1 && x == 1 finally
never late: irq[0].a == 1 && y == 2 finally
never inside: irq[0].a == 1 && task[0].s == 5 finally
never between: irq[0].a == 0 && task[0].r == 0 finally

bounds task 1, irq 1
