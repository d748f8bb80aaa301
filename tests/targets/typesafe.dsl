// The memory of a freed object is kept for a section that was entered before, not for a later one.

protocol typesafe

typesafe struct node { f }

object one: node = { f: 1 }
shared p: node = one

thread late {
    a = p
    rcu_read_lock()
    x = a.f
    rcu_read_unlock()
    assert x == 1
}

thread closes {
    b = p
    kfree(b)
    c = alloc node
    c.f = 3
}

bounds late 1, closes 1
