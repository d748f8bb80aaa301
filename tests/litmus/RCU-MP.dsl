// A section that sees the second store cannot miss the first, across a grace period.
// Source: P. McKenney and others, the kernel's litmus tests (MP with rcu and sync).

protocol RCU_MP

shared x = 0
shared y = 0

thread p0 {
    x = 1
    synchronize_rcu()
    y = 1
}

thread p1 {
    rcu_read_lock()
    r = y
    s = x
    rcu_read_unlock()
}

never outcome: p1[0].r == 1 && p1[0].s == 0 finally

bounds p0 1, p1 1
expect outcome proved
expect outcome proved under tso
