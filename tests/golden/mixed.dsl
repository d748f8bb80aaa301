// Properties that reach differently far: one fault stands for any number, one writer does not.
protocol mixed
shared x = 0
cache c { one } per fault
update change {
    x = 1
    synchronize_rcu()
    x = 2
}
fault look {
    rcu_read_lock()
    r = x
    c = { one: r }
    rcu_read_unlock()
}
thread writer {
    seen = x
    x = seen + 2
}
never five: c.one == 5 always
never six: c.one == 6 finally
reach filled: filled(c)
bounds updates 1, faults 2, writer 1
