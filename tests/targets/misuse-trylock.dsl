protocol misuse_trylock "an interrupt tries a mutex, but only after the task has asked for it"

mutex m
shared x = 0

thread task {
    if (mutex_trylock(m)) {
        x = choose 0..1
        mutex_unlock(m)
    }
}

thread irq on task {
    if (x == 1) {
        if (mutex_trylock(m)) {
            x = 2
            mutex_unlock(m)
        }
    }
}

never twice: x == 2 finally

bounds task 1, irq 1
