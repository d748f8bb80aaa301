// Critical sections exclude each other; a try fails only while another lane holds the lock.

protocol locks

shared x = 0
shared missed = 0
mutex m
spinlock l

thread adder {
    mutex_lock(m)
    r = x
    x = r + 1
    mutex_unlock(m)
}

thread trier {
    if (spin_trylock(l)) {
        spin_unlock(l)
    } else {
        missed = 1
    }
}

never lost: x == 1 finally
never missing: missed == 1 finally

bounds adder 2, trier 1
