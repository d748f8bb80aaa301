protocol misuse "waits where it must not sleep"

spinlock l
mutex m
shared x = 0

thread one {
    spin_lock(l)
    if (x == 1) {
        mutex_lock(m)
        mutex_unlock(m)
    }
    spin_unlock(l)
}

thread two {
    mutex_lock(m)
    x = choose 0..1
    mutex_unlock(m)
}

never on: x == 1 settled

bounds one 1, two 1
