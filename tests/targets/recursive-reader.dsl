// A reader that takes its side again waits for a writer that came in between, which waits for it.

protocol recursive_reader

shared x = 0
rwlock r

thread reader {
    read_lock(r)
    n = x
    read_lock(r)
    m = x
    read_unlock(r)
    read_unlock(r)
    same: assert n == m
}

thread writer {
    write_lock(r)
    x = 1
    write_unlock(r)
}

bounds reader 1, writer 1
expect same proved
expect deadlock refuted
