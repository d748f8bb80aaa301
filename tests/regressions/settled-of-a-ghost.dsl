// 2026-11-22 settled-of-a-ghost: what a settled value may be was found after the values that reads
// return, so that a ghost that carries it had no value to return (PROVED, not REFUTED).

protocol settled_of_a_ghost "settled of a ghost that a later lane fills from settled"

shared x = 0
shared z = 0
ghost  g = 0

thread v {
    z = 1
    q = settled(g)
    wrong: assert q != 5
}

update up {
    x = 1
}

thread u {
    w = settled(x)
    g = w + 4
}

expect wrong refuted
bounds updates 1, u 1, v 1
