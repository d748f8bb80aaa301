// In which order the reads of one step come.

protocol order

struct node { f, g, h, i }
object first: node = { f: 1, g: 0, h: 0, i: 0 }
object other: node = { f: 2, g: 0, h: 0, i: 0 }
shared x = 0
shared y = 0
shared p: node = first
shared q: node = other
shared o: node = first

thread one {
    x += y
    p->f = y
    WRITE_ONCE(p->g, y)
    atomic_add(y, &p->h)
    xchg(&p->i, y)
}

thread two {
    y = 3
    p = q
    x = 4
    y = 5
}

never right_first: x == 3 always
never both: q.f == 3 && q.g == 0 always

bounds one 1, two 1
