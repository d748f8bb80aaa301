// Sections, nested and crossing, with and without cookies; leaving passes the store buffer.

protocol sections

shared x = 0
shared y = 0
srcu d

thread reader {
    rcu_read_lock()
    rcu_read_lock()
    r = x
    rcu_read_unlock()
    s = y
    rcu_read_unlock()
    i = srcu_read_lock(d)
    j = srcu_read_lock(d)
    srcu_read_unlock(d, i)
    t = x
    srcu_read_unlock(d, j)
    y = 2
}

thread waiter {
    x = 1
    synchronize_rcu()
    y = 1
    synchronize_srcu(d)
    u = y
}

never apart: reader[0].r == 0 && reader[0].s == 1 finally
never missed: reader[0].t == 0 && waiter[0].u == 2 finally

bounds reader 1, waiter 1
