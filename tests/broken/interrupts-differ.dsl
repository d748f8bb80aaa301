// expect E507 at 5, E508 at 8, E522 at 14
protocol broken
shared x = 0
thread task {
    if (x == 1)
        local_irq_disable()
    local_irq_enable()
    while 2 (x == 0) {
        local_irq_disable()
    }
    local_irq_enable()
}
thread other {
    either {
        local_irq_save(flags)
    } or {
        local_irq_disable()
        local_irq_save(flags)
    }
    x = 1
    local_irq_restore(flags)
}
never y: x == 5 finally
bounds task 1, other 1
