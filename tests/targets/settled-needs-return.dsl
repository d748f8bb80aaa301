// The condition holds at the start, but never again once the update has returned.

protocol settled_needs_return

shared x = 0

update change {
    x = 1
}

thread reader {
    r = x
    ok: assert r <= 1
}

never two: x == 2 when x == 0 settled

bounds updates 1, reader 1
