protocol ghost_fields "who has an object"

struct node { f, ghost owner }
object o: node = { f: 1, owner: 0 }
shared p: node = o

thread takes {
    q = xchg(p, null)
    if (q) {
        q.owner++
        assert q.owner == 1
        n = copy q
        n.owner = 5
        r = q.f
        assert r == 1
    }
}

never owned: p.owner == 1 always

bounds takes 2
