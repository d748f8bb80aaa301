// A section entered after the grace period has begun may be open when it ends.

protocol grace_period_overtaken

shared x = 0
shared y = 0
srcu d

thread waiter {
    synchronize_srcu(d)
    x = 1
    y = 1
}

thread reader {
    srcu_read_lock(d)
    r = x
    s = y
    srcu_read_unlock(d)
}

never overtaken: reader[0].r == 0 && reader[0].s == 1 finally
never late: reader[0].r == 1 && reader[0].s == 0 finally

bounds waiter 1, reader 1
