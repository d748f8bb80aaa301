protocol readers_together "two readers inside at once"

rwlock l
shared x = 0

thread one {
    read_lock(l)
    x++
    a = x
    read_unlock(l)
}

thread two {
    read_lock(l)
    x++
    b = x
    read_unlock(l)
    if (write_trylock(l)) {
        x = 9
        write_unlock(l)
    }
}

never both: one[0].a == 2 && two[0].b == 2 finally
never failed: x == 2 finally

bounds one 1, two 1
