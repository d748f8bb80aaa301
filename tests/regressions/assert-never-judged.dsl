// 2026-11-22 assert-never-judged: the explorer called an assert proved whose step begins but
// is never judged, because its condition always fails with an error first.

protocol assert_never_judged

struct node { f }
rcu p: node = null

thread reader {
    either {
        ok: assert rcu_dereference(p).f == 1
    } or {
    }
}

bounds reader 1
expect ok vacuous
expect null_dereference refuted
