// 2026-11-22 assert-before-any-event: an assertion that a lane meets before its first event made
// that event part of every run that was replayed (UNKNOWN, the interpreter contradicted).

protocol assert_before_any_event

shared x = 1
shared y = -1

thread one {
    assert 0 <= 0
    r = atomic_dec_return(x)
    assert r == 0
}

thread two {
    y = 0
}

never below: y < x when y >= 0 always
never ended: y == x finally

bounds one 1, two 1
expect assert_1 proved
expect assert_2 proved
expect below refuted
expect ended refuted
