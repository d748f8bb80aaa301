// The memory of a freed object is kept for the section that was entered before, not for a later one.

protocol typesafe

typesafe struct node { f }

object one: node = { f: 1 }
object two: node = { f: 2 }
shared p: node = one
shared q: node = two

thread reader {
    rcu_read_lock()
    a = p
    x = a.f
    rcu_read_unlock()
    assert x != 3
}

thread late {
    b = q
    rcu_read_lock()
    y = b.f
    rcu_read_unlock()
    assert y != 3
}

thread closes {
    c = p
    kfree(c)
    d = alloc node
    d.f = 3
}

thread twice {
    e = q
    either { kfree(e) } or { synchronize_rcu() kfree(e) }
}

bounds reader 1, late 1, closes 1, twice 1
