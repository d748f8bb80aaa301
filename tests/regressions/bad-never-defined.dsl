// 2026-11-22 bad-never-defined: a property that reads through a pointer which is always null is
// judged nowhere, so nothing was proved by its never being violated (PROVED, not VACUOUS).

protocol bad_never_defined

struct node { data }
rcu    p: node = null
shared x = 0

thread t {
    x = 1
}

never bad: p.data == 3 when x == 1 always

bounds t 1
expect bad vacuous
expect bad vacuous under tso
