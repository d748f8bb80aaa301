// 2026-11-22 settled-through-a-ghost-field: what a settled value may be was found after the values that reads
// return, so that a ghost that carries it had no value to return (PROVED, not REFUTED).

protocol settled_through_a_ghost_field "same, ghost field, and early prune"

struct n { v, ghost w }
object o: n = { v: 0 }
shared p: n = o
shared x = 0
shared z = 0

thread u {
    a = p
    s = settled(x)
    a.w = s
}

thread v {
    b = p
    z = 1
    wrong: assert b.w == 0
}

update up {
    x = 1
}

expect wrong refuted
bounds updates 1, u 1, v 1
