// A read that waits returns only what satisfies its condition.

protocol wait_value

shared x = 0
shared y = 0

thread writes {
    y = 1
    x = 1
    x = 2
    x = 3
}

thread waits {
    r = smp_cond_load_acquire(&x, VAL > 0 && VAL != 2)
    s = y
    wait until (READ_ONCE(x) % 2 == 1)
    other: assert r == 1
    two: assert r == 2
    seen: assert s == 1
}

bounds writes 1, waits 1
expect other refuted
expect two refuted
expect seen proved
expect deadlock proved
