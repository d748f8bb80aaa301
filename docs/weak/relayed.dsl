// What one CPU writes, a second one sees and tells a third.

protocol relayed "the third has to see what the second saw"

variant stored
variant released

shared x = 0
shared y = 0

thread first {
    WRITE_ONCE(x, 1)
}

thread second {
    seen = READ_ONCE(x)
    if (seen == 1) {
        in stored: WRITE_ONCE(y, 1)
        in released: smp_store_release(y, 1)
    }
}

never early: x == 0 when y == 1 always
bounds first 1, second 1
expect early proved
expect early proved under lkmm
expect early refuted for stored under lkmm
