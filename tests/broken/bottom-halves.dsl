// expect E206 at 6, E206 at 8, E206 at 9, E206 at 10
protocol broken
spinlock l
shared x = 0
thread task {
    spin_lock_bh(l)
    x = 1
    spin_unlock_bh(l)
    preempt_disable()
    if (spin_trylock_irq(l)) x = 2
}
never y: x == 5 finally
bounds task 1
