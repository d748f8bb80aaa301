// A grace period waits for the section that may still read the old version, no longer.

protocol grace_period

struct node { f }
rcu p: node = { f: 0 }
shared done = 0

update change {
    old = p
    new = alloc node
    new.f = 1
    rcu_assign_pointer(p, new)
    synchronize_rcu()
    old.f = 9
    done = 1
}

thread reader {
    rcu_read_lock()
    q = rcu_dereference(p)
    r = q.f
    seen = done
    rcu_read_unlock()
    fine: assert r != 9
}

thread other {
    rcu_read_lock()
    late = done
    rcu_read_unlock()
}

reach passes: done == 1 && other[0].late == 0 finally
never inside: reader[0].seen == 1 && reader[0].r == 0 finally

bounds updates 1, reader 1, other 1
