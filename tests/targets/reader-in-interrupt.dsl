// An interrupt takes the reader's side past a writer that waits.

protocol reader_in_interrupt

shared x = 0
rwlock r

thread reader {
    read_lock(r)
    n = x
    assert n < 2
    read_unlock(r)
}

thread irq on reader {
    read_lock(r)
    m = x
    assert m < 2
    read_unlock(r)
}

thread writer {
    write_lock(r)
    x = 1
    write_unlock(r)
}

bounds reader 1, irq 1, writer 1
expect deadlock proved
