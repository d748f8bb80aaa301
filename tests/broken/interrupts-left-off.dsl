// expect E521 at 6, E521 at 14, E521 at 19
protocol broken
spinlock l
shared x = 0
thread task {
    local_irq_disable()
    x = 1
    if (x == 2)
        return
    local_irq_enable()
}
thread timer on task {
    spin_lock(l)
    spin_unlock_irq(l)
    x = 3
}
thread other {
    if (x == 1) {
        spin_lock_irq(l)
        spin_unlock(l)
        return
    }
    x = 4
}
never y: x == 5 finally
bounds task 1, timer 1, other 1
