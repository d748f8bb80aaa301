// 2026-11-22 settled-through-a-ghost: what a settled value may be was found after the values that reads
// return, so that a ghost that carries it had no value to return (PROVED, not REFUTED).

protocol settled_through_a_ghost "settled into ghost, read by another lane"

shared x = 0
shared z = 0
ghost  g = 0

update up {
    x = 1
}

thread u {
    w = settled(x)
    g = w
}

thread v {
    z = 1
    assert g == 0
}

never bad: g == 1 always
expect assert_1 refuted
expect bad      refuted
bounds updates 1, u 1, v 1
