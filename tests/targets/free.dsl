protocol free "a reader may or may not be protected from the free"

struct node { f }
shared p: node = { f: 1 }

update replace {
    old = p
    new = alloc node
    new.f = 2
    p = new
    synchronize_rcu()
    kfree(old)
}

thread protected {
    rcu_read_lock()
    q = p
    r = q.f
    rcu_read_unlock()
}

thread late {
    rcu_read_lock()
    q = p
    rcu_read_unlock()
    r = q.f
}

never early: protected[0].r == 2 when late[0].r == 1 finally

bounds updates 1, protected 1, late 1
