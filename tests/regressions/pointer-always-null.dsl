// 2026-11-22 pointer-always-null: a read through a pointer that is null in every execution has
// no possible value, for which the prover looked in vain (KeyError).

protocol pointer_always_null

struct node { f }
rcu p: node = null

thread reader {
    q = rcu_dereference(p)
    r = q.f
    ok: assert r == 1
}

never ends: reader[0].r == 0 finally

bounds reader 1
expect null_dereference refuted
expect ok vacuous
expect ends vacuous
