protocol bits "two bits wrap"

shared g: bits 2 = 3
shared h: bits 2 = 0
shared n = 4

thread one {
    g++
    a = atomic_inc_return(h)
    b = atomic_add_return(5, h)
    c = atomic_inc_not_zero(n)
    h = g - 1
}

thread two {
    m = n & 6
    k = (n << 2) >> 1
    d = atomic_inc_not_zero(g)
}

never big: g > 3 || h > 3 always
never seven: one[0].b == 2 && one[0].a == 1 finally
never no: two[0].d == 1 && one[0].c == 1 finally
never masked: two[0].m == 4 && two[0].k == 10 finally

bounds one 1, two 1
