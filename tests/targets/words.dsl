protocol words "a whole word is compared and exchanged"

word w { ptr, tag } = { ptr: 0, tag: 0 }
shared cache e { one, two }

thread one {
    old = w
    done = cmpxchg_double(w, old, { ptr: 1, tag: old.tag + 1 })
    first = e
    put = cmpxchg_double(e, first, { one: 1, two: done })
    x = put + done
}

thread two {
    before = xchg(w, { ptr: 0, tag: 1 })
    seen = e
    if (filled(seen)) {
        zap(e)
        y = before.tag + seen.two
    }
}

never both: w.ptr == 0 && one[0].x == 2 finally
never kept: w.tag == 1 && two[0].y == 2 finally
never empty: one[0].x == 1 finally

bounds one 1, two 1
