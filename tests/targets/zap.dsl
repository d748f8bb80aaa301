protocol zap "entries are emptied one after another"

cache c { one }
shared x = 0

update change {
    x = 1
    zap(c)
    x = 2
}

fault look {
    r = x
    c = { one: r }
}

never stale: c.one == 0 when x == 2 always
never left: c.one == 0 && x == 1 finally
reach filled: filled(c)

bounds updates 1, faults 2
