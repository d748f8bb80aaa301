// Results that are too large, and the largest that are not.

protocol overflow

shared x = 4
shared y = 1
shared z = 0

thread one {
    r = x << 30
    r = r << 30
    z = r
}

thread two {
    s = y << 30
    s = s << 30
    z += s
    atomic_add(s, &z)
    t = z
    y = t + (t - 1)
}

thread three {
    x = 1
    y = choose -2..3
}

never large: z > 5 always
never four: (x << 30) << 30 > 0 when x == 4 always
never ends: two[0].t == 0 finally

bounds one 1, two 1, three 1
