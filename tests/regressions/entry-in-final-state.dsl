// 2026-11-22 entry-in-final-state: the prover had no value for a field of a local that holds
// a whole entry, or for `filled` of one, and failed with an AssertionError.

protocol entry_in_final_state

word w { m, n } = { m: 0, n: 1 }
cache c { slot } per reader

thread reader {
    empty = c
    e = w
    if (e.m == 1)
        c = { slot: 1 }
    later = c
}

thread writer {
    w = { m: 1, n: 2 }
}

never torn: reader[0].e.m == 1 && reader[0].e.n == 1 finally
never early: filled(reader[0].empty) finally
never late: filled(reader[0].later) finally
reach fills: reader[0].later.slot == 1 finally
never misses: !filled(reader[0].later) when reader[0].e.m == 1 finally

bounds reader 1, writer 1
expect late refuted
expect late refuted under tso
