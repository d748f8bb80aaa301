protocol readers "readers go together, a writer alone"

rwlock l
shared x = 0
shared y = 0

thread writer {
    write_lock(l)
    x++
    y++
    write_unlock(l)
}

thread reader {
    read_lock(l)
    a = x
    b = y
    read_unlock(l)
}

thread tries {
    x = x + 0
    if (read_trylock(l)) {
        c = x
        d = y
        read_unlock(l)
    } else {
        y = y + 0
    }
}

never torn: reader[0].a != reader[0].b finally
never half: tries[0].c != tries[0].d finally

bounds writer 1, reader 1, tries 1
