"""Objects, tokens and `settled` at what may be one step of a lane.

What a text does not expect to be refuted holds, at any bounds.
"""

STEPS = {
    "alias joined": """
struct node { data }; shared list: node = null; shared n = 0
update u { new = alloc node; new.data = 1; q = list; c = n; if (c == 0) q = new; list = q;
    new.data = 2 }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "alias ternary": """
struct node { data }; shared list: node = null; shared n = 0
update u { new = alloc node; new.data = 1; c = n; list = c == 0 ? new : null; new.data = 2 }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "alias of the round before": """
struct node { data }; shared list: node = null; shared n = 0
update u { k = 0; p = alloc node; p.data = 0; q = p; while 2 (k < 2) { q = p; p = alloc
    node; p.data = 1; list = q; q.data = 2; k = k + 1 } }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "published through a second object": """
struct node { next: node, data }; shared list: node = null; shared n = 0
update u { c = n; if (c == 0) { n = 1; p = alloc node; p.data = 1; p.next = null; o = alloc
    node; o.data = 5; o.next = p; list = o; p.data = 2; o.data = 5 } }
thread r { o = list; if (o != null) { p = o.next; if (p != null) { a = p.data; b = p.data;
    same: assert a == b } } }
bounds updates 2, r 1
expect same refuted
""",
    "published through a second object, last": """
struct node { next: node, data }; shared list: node = null; shared n = 0
update u { c = n; if (c == 0) { n = 1; p = alloc node; p.data = 1; p.next = null; o = alloc
    node; o.data = 5; list = o; o.next = p; p.data = 2 } }
thread r { o = list; if (o != null) { p = o.next; if (p != null) { a = p.data; b = p.data;
    same: assert a == b } } }
bounds updates 2, r 1
expect same refuted
expect unwritten_read refuted
""",
    "exchanged in": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; p.data = 1; _old = xchg(list, p); p.data = 2 }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "compared and exchanged in": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; p.data = 1; _old = cmpxchg(list, null, p); p.data = 2 }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "in a word": """
struct node { data }; word w { at: node, k } = { at: null, k: 0 }
update u { p = alloc node; p.data = 1; w = { at: p, k: 1 }; p.data = 2 }
thread r { e = w; p = e.at; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "in a word, by a local entry": """
struct node { data }; word w { at: node, k } = { at: null, k: 0 }
update u { p = alloc node; p.data = 1; e = { at: p, k: 1 }; p.data = 3; w = e; p.data = 2 }
thread r { e = w; p = e.at; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "in a cache": """
struct node { data }; shared cache w { at: node }
update u { p = alloc node; p.data = 1; w = { at: p }; p.data = 2 }
thread r { e = w; if (filled(e)) { p = e.at; a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "in an array": """
struct node { data }; shared h[2]: node = null
update u { p = alloc node; p.data = 1; i = choose 0..1; h[i] = p; p.data = 2 }
thread r { p = h[0]; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "copied while private": """
struct node { data }; shared list: node = { data: 0 }; shared n = 0
update u { p = alloc node; p.data = 1; q = copy p; list = q; p.data = 3; q.data = 2 }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "copied into what is published": """
struct node { data }; shared list: node = { data: 0 }; shared n = 0
update u { p = alloc node; p.data = 1; q = list; copy p into q; p.data = 3; copy p into q }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "copied from what is published": """
struct node { data, more }; shared list: node = { data: 0, more: 0 }; shared n = 0
update u { p = list; p.data = 1; p.more = 1; p.data = 0; p.more = 0 }
thread r { o = list; q = copy o; a = q.data; b = q.more; same: assert a == b }
bounds updates 2, r 1
expect same refuted
""",
    "name compared": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; p.data = 1; q = list; if (q == p) n = 9; list = p; s = list; if
    (s == p) p.data = 2 }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 2, r 1
expect same refuted
""",
    "published by somebody else": """
struct node { next: node, data }; shared list: node = null; shared n = 0; shared box: node =
    null
update u { c = n; if (c == 0) { n = 1; p = alloc node; p.data = 1; p.next = null; box = p;
    p.data = 2 } }
thread m { q = box; list = q }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
bounds updates 1, m 1, r 1
expect same refuted
""",
    "published in a field before the object": """
struct node { next: node, data }; shared list: node = null; shared n = 0
update u { c = n; if (c == 0) { n = 1; o = alloc node; p = alloc node; p.data = 1; o.next =
    p; o.data = 0; p.data = 2; list = o; p.data = 3 } }
thread r { o = list; if (o != null) { p = o.next; if (p != null) { a = p.data; b = p.data;
    same: assert a == b } } }
bounds updates 2, r 1
expect same refuted
""",
    "a never that looks into an object": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; p.data = 1; p.data = 2; list = p; p.data = 3; p.data = 4 }
thread r { y = n; seen: assert y == 0 }
never three: list.data == 3 always
never one: list.data == 1 always
bounds updates 2, r 1
expect three refuted
""",
    "tokens drawn before the lock": """
spinlock l; shared x = 0
thread w { t = fresh; spin_lock(l); o = x; grows: assert o < t; x = t; spin_unlock(l) }
bounds w 2
expect grows refuted
""",
    "tokens drawn under the lock": """
spinlock l; shared x = 0
thread w { spin_lock(l); t = fresh; o = x; grows: assert o < t; x = t; spin_unlock(l) }
bounds w 2
""",
    "tokens of two kinds": """
spinlock l; shared x = 0; shared y = 0
update u { t = fresh; x = t }
thread r { o = x; s = fresh; k = x; old: assert o < s; early: assert k < s || k == o }
bounds updates 2, r 1
expect early refuted
""",
    "token between two reads": """
shared x = 0; shared y = 0
update u { t = fresh; x = t }
thread w { _a = x; t = fresh; y = t }
never older: y < x && y != 0 always
bounds updates 2, w 1
expect older refuted
""",
    "two tokens in a row": """
shared x = 0; shared y = 0
thread w { s = fresh; t = fresh; x = s; y = t }
thread r { a = fresh; p = y; q = x; one: assert q < p || p == 0 || q > a; between: assert
    !(q < a && a < p) || p == 0 }
bounds w 1, r 1
expect between refuted
expect one refuted
""",
    "a token is drawn after a read": """
shared x = 0
thread w { t = fresh; x = t }
thread r { o = x; t = fresh; k = x; newer: assert k == o || t < k }
bounds w 1, r 1
expect newer refuted
""",
    "a token is drawn before a read": """
shared x = 0
thread w { t = fresh; x = t }
thread r { t = fresh; o = x; newer: assert o < t || o == 0 }
bounds w 1, r 1
expect newer refuted
""",
    "tokens of updaters 2": """
updaters 2; mutex m; shared x = 0
update u { t = fresh; mutex_lock(m); x = t; y = x; mutex_unlock(m); mine: assert y == t }
thread r { a = x; b = x; grows: assert a <= b }
bounds updates 3, r 1
expect grows refuted
""",
    "tokens of updaters 2, under the lock": """
updaters 2; mutex m; shared x = 0
update u { mutex_lock(m); t = fresh; x = t; mutex_unlock(m) }
thread r { a = x; b = x; grows: assert a <= b }
bounds updates 3, r 1
""",
    "a lock of a new object": """
struct node { spinlock l, data }; shared list: node = null
update u { p = alloc node; p.data = 0; spin_lock(&p->l); list = p; p.data = 1; p.data = 2;
    spin_unlock(&p->l) }
thread r { q = list; if (q != null) { spin_lock(&q->l) d = q.data; two: assert d == 2;
    spin_unlock(&q->l) } }
bounds updates 1, r 1
""",
    "a lock of a new object, tried": """
struct node { spinlock l, data }; shared list: node = null
update u { p = alloc node; p.data = 0; spin_lock(&p->l); list = p; p.data = 1; p.data = 2;
    spin_unlock(&p->l) }
thread r { q = list; if (q != null) { if (spin_trylock(&q->l)) { d = q.data; two: assert d
    == 2; spin_unlock(&q->l) } else { e = q.data; busy: assert e < 2 } } }
bounds updates 1, r 1
expect busy refuted
""",
    "settled read twice": """
shared e = 0; shared f = 0
update u { e = e + 1; f = e }
thread r { x = settled(e); y = settled(f); z = e; same: assert x == y; near: assert z <= x +
    1 }
bounds updates 2, r 1
expect near refuted
expect same refuted
""",
    "settled of a pointer's field": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; p.data = 1; list = p; p.data = 2 }
thread r { w = settled(list.data); q = list; if (q != null) { d = q.data; two: assert w == 2
    || d >= 1; one: assert w != 1 } }
bounds updates 2, r 1
""",
    "settled of what a thread writes": """
shared e = 0; shared x = 0
update u { x = 1; x = 0 }
thread w { e = 1; s = settled(e); e = 0; t = settled(e); one: assert s == 1; zero: assert t
    == 0 }
bounds updates 1, w 1
expect one refuted
expect zero refuted
""",
    "settled of what a thread publishes": """
struct node { data }; shared list: node = null; shared n = 0
update u { n = 1; n = 0 }
thread w { p = alloc node; p.data = 5; list = p; s = settled(list.data); five: assert s == 5
    }
bounds updates 2, w 1
expect five refuted
""",
    "atomic of private things": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; atomic { p.data = 1; _q = list } p.data = 2; list = p; atomic {
    p.data = 3; n = 1 } }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b } }
never three: n == 0 && list.data == 3 always
never left: n == 1 && list.data == 2 always
bounds updates 2, r 1
expect left refuted
expect same refuted
""",
    "an error in the middle of a private phase": """
struct node { data }; shared list: node = null; shared n = 0
update u { p = alloc node; p.data = 0; q = list; _d = q.data; list = p }
thread r { n = 1; y = n; seen: assert y == 1 }
bounds updates 2, r 1
expect null_dereference refuted
""",
    "freed under a lock": """
struct node { data }; spinlock l; shared list: node = { data: 1 }
update u { spin_lock(l); p = list; list = null; if (p != null) kfree(p); spin_unlock(l) }
thread r { spin_lock(l); q = list; if (q != null) { d = q.data; one: assert d == 1 }
    spin_unlock(l) }
thread t { o = list; if (o != null) _e = o.data; y = 0; seen: assert y == 0 }
bounds updates 1, r 1, t 1
expect use_after_free refuted
""",
    "had again before the write": """
struct node { data }; shared list: node = { data: 0 }; shared n = 0
update u { old = list; p = alloc node; p.data = 1; p.data = 0; list = p; kfree(old) }
thread r { p = list; if (p != null) { a = p.data; b = p.data; same: assert a == b; zero:
    assert a == 0 } }
bounds updates 2, r 1
expect same refuted
expect use_after_free refuted
expect zero refuted
""",
    "counters of two lanes in order": """
updaters 2; mutex m; shared n = 0
update u { mutex_lock(m); n = n + 1; mutex_unlock(m) }
thread r { a = n; w = settled(n); b = n; kept: assert w <= b; early: assert a <= w }
bounds updates 3, r 1
expect early refuted
""",
    "a new object is seen through a token": """
struct node { data }; shared list: node = null; shared t = 0
update u { p = alloc node; p.data = 1; list = p; k = fresh; t = k; p.data = 2 }
thread r { a = t; q = list; b = t; if (q != null) { d = q.data; two: assert d == 2 || a !=
    b; old: assert b == 0 || q != null } }
bounds updates 1, r 1
expect two refuted
""",
    "freed while it is read": """
struct node { data }; shared list: node = { data: 1 }
update u { o = list; list = null; if (o != null) kfree(o) }
thread r { p = list; if (p != null) { d = p.data; one: assert d == 1 } }
bounds updates 1, r 1
expect use_after_free refuted
""",
    "settled of what only it reads": """
shared e = 0
update u { e = 1; smp_mb(); e = 0 }
thread r { s = settled(e); t = settled(e); same: assert s == t; zero: assert s == 0 }
bounds updates 2, r 1
""",
    "settled of what a writer leaves": """
shared e = 0; shared x = 0
update u { e = 1; x = 1; e = 0 }
thread w { e = 2; x = 2 }
thread r { s = settled(e); zero: assert s == 0; two: assert s != 1 }
bounds updates 1, w 1, r 1
expect zero refuted
""",
    "two tokens of a lane, one before the other": """
shared x = 0; spinlock l
thread w { t = fresh; s = fresh; up: assert t < s; spin_lock(l); o = x; x = t;
    spin_unlock(l); same: assert o < t || o > s }
bounds w 2
expect same refuted
""",
    "a token that waits": """
shared x = 0; shared on = 0
update u { on = 1; t = fresh; x = t }
thread w { t = fresh; wait until (on == 1); o = x; later: assert o == 0 || o > t }
bounds updates 1, w 1
expect later refuted
""",
    "free only for a moment": """
struct node { data }; shared list: node = { data: 1 }; shared x = 0
update u { o = list; n = alloc node; n.data = 1; list = n; kfree(o); x = 1 }
thread r { p = list; atomic { a = x; if (a == 0) d = p.data else d = 1 } one: assert d == 1 }
bounds updates 1, r 1
expect use_after_free refuted
""",
}
