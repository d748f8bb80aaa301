// A message and the flag that announces it.

protocol passing "whoever sees the flag has to see the message"

variant both_barriers
variant no_write_barrier
variant no_read_barrier

shared message = 0
shared flag = 0

thread writer {
    WRITE_ONCE(message, 1)
    not in no_write_barrier: smp_wmb()
    WRITE_ONCE(flag, 1)
}

thread reader {
    seen = READ_ONCE(flag)
    not in no_read_barrier: smp_rmb()
    value = READ_ONCE(message)
    told: assert seen == 0 || value == 1
}

never early: message == 0 when flag == 1 always
bounds writer 1, reader 1
expect told  proved
expect early proved
expect told  proved under lkmm
expect early proved under lkmm
expect told  refuted for no_write_barrier, no_read_barrier under lkmm
expect early refuted for no_write_barrier under lkmm
