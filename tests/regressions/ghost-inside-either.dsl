// 2026-11-22 ghost-inside-either: the explorer looked for `settled` in the steps of a block,
// but not in the branches of an `either`, and failed with a KeyError.

protocol ghost_inside_either

shared x = 0

update change {
    x = 1
}

thread reader {
    either {
        seen = settled(x)
        ok: assert seen == 0
    } or {
    }
}

bounds updates 1, reader 1
expect ok refuted
