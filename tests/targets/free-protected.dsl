protocol free_protected "nobody reads what is freed"

struct node { f }
shared p: node = { f: 1 }

update replace {
    old = p
    new = alloc node
    new.f = 2
    p = new
    synchronize_rcu()
    kfree(old)
    again = alloc node
    again.f = 3
    p = again
}

thread protected {
    rcu_read_lock()
    q = p
    r = q.f
    rcu_read_unlock()
}

never seen: protected[0].r == 3 finally

bounds updates 1, protected 2
