// Under store buffers an update is in progress until its return has taken effect.

protocol returns

shared x = 0
shared y = 0

update change {
    x = 1
    r = y
}

thread other {
    y = 1
    smp_mb()
    want = settled(x)
    s = x
    ok: assert s == want
}

never early: change[0].r == 0 && other[0].s == 0 finally
never unseen: x == 0 && y == 1 settled

bounds updates 2, other 1
