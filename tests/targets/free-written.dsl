protocol free_written "what a lane writes before it frees is no use after it"

struct node { f }
shared p: node = { f: 1 }
shared x = 0

thread frees {
    q = xchg(p, null)
    if (q) {
        q.f = 2
        kfree(q)
        x = 1
    }
}

thread waits {
    r = x
    assume (r == 1)
    n = alloc node
    n.f = 3
    p = n
}

never again: p.f == 2 always

bounds frees 1, waits 1
