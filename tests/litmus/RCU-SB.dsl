// One lane in a read section, the other with a grace period between.
// Source: P. McKenney and others, the kernel's litmus tests (SB with rcu and sync).

protocol RCU_SB

shared x = 0
shared y = 0

thread p0 {
    rcu_read_lock()
    x = 1
    r = y
    rcu_read_unlock()
}

thread p1 {
    y = 1
    synchronize_rcu()
    r = x
}

never outcome: p0[0].r == 0 && p1[0].r == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
