// A reader looks at an object in the section in which it has found it, freed or not.

protocol typesafe_kept

typesafe struct node { f }

object one: node = { f: 1 }
shared p: node = one

thread reader {
    rcu_read_lock()
    a = p
    if (a != null) {
        x = a.f
        assert x != 3
    }
    rcu_read_unlock()
}

thread closes {
    c = p
    p = null
    kfree(c)
    d = alloc node
    d.f = 3
}

bounds reader 1, closes 1
