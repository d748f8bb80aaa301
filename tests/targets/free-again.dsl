protocol free_again "an object that is freed may be allocated again, once"

struct node { f }
object o: node = { f: 1 }
shared p: node = o
shared q: node = null

thread frees {
    a = p
    kfree(a)
}

thread first {
    b = alloc node
    b.f = 2
    p = b
}

thread second {
    c = alloc node
    c.f = 3
    q = c
}

never same: p == q finally
never other: p != q && p.f == 3 finally

bounds frees 1, first 1, second 1
