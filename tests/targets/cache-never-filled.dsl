// Nothing fills the cache: whatever is said of it is vacuous.

protocol never_filled

shared x = 0
cache c { slot }

update change {
    x = 1
}

thread idle {
    if (x == 3)
        c = { slot: 1 }
}

never stale: c.slot != x settled

bounds updates 1, idle 1
