// Errors of the run: a negative operand, an index outside, null, an unwritten field.

protocol arithmetic

struct node { f, g }
shared x = 0
shared a[2] = 1
rcu p: node = null

thread one {
    x = -1
    n = alloc node
    n.f = 1
    p = n
    x = 2
    a[x % 2] = 3
}

thread two {
    r = x / 2
    s = a[x]
    q = p
    t = q.f
    u = q.g
}

never three: a[0] == 3 always
never read: two[0].r == 1 && two[0].s == 1 && two[0].t == 1 && two[0].u == 1 finally

bounds one 1, two 1
