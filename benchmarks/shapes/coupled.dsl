protocol coupled "who drops the last reference ends the object, and no user sees it ended"

shared refs = 1
shared ended = 0

thread user {
    got = atomic_inc_not_zero(refs)
    if (got) {
        seen = ended
        alive: assert seen == 0
        if (atomic_dec_and_test(refs))
            ended = 1
    }
}

thread owner {
    if (atomic_dec_and_test(refs))
        ended = 1
}

bounds user 2, owner 1
expect alive proved
