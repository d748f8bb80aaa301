// settled(E) is E at the latest instant without an update in progress.

protocol settled_ghost

shared x = 0
shared y = 0

update change {
    x++
    y++
}

thread reader {
    want = settled(x)
    got = y
    new: assert got >= want
    old: assert want == 0
    want2 = settled(x)
    now = x
    most: assert now <= want2 + 1
    any: assert now <= want2
}

never apart: x != y settled
never between: x != y always

bounds updates 2, reader 1
