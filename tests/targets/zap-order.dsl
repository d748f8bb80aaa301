protocol zap_order "the second entry is still there when the first has been emptied"

cache c { one } per cpu
shared x = 0
shared y = 0

update change {
    x = 1
    zap(c)
}

thread vcpu {
    atomic {
        v = x
        c = { one: v }
    }
    if (!filled(c))
        y = 1
}

lanes cpu: vcpu

never seen: c.one == 0 && y == 1 always

bounds updates 1, cpu 2
