"""Locks, sections and the rest at what may be one step of a lane.

What a text does not expect to be refuted holds, at any bounds.
"""

STEPS = {
    "inner lock only": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { spin_lock(l); spin_lock(m); a = 1; spin_unlock(l); b = 1; a = 2; b = 2;
    spin_unlock(m) }
thread r { spin_lock(l); x = a; y = b; spin_unlock(l); same: assert x == y || (x == 1 && y
    == 0) }
bounds updates 1, r 1
expect same refuted
""",
    "hand over hand": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { spin_lock(l); a = 1; spin_lock(m); spin_unlock(l); b = 1; spin_unlock(m) }
thread r { spin_lock(l); x = a; spin_lock(m); y = b; spin_unlock(m); spin_unlock(l); same:
    assert x == y }
bounds updates 1, r 1
""",
    "hand over hand, other way": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { spin_lock(l); a = 1; spin_lock(m); spin_unlock(l); b = 1; spin_unlock(m) }
thread r { spin_lock(m); y = b; spin_unlock(m); spin_lock(l); x = a; spin_unlock(l); same:
    assert x == y }
bounds updates 1, r 1
expect same refuted
""",
    "let go in the middle": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { spin_lock(l); a = 1; spin_unlock(l); spin_lock(l); b = 1; spin_unlock(l) }
thread r { spin_lock(l); x = a; y = b; spin_unlock(l); same: assert x == y }
bounds updates 1, r 1
expect same refuted
""",
    "on one branch": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { c = choose 0..1; if (c == 0) { spin_lock(l) a = 1; b = 1; spin_unlock(l) } else {
    spin_lock(m); a = 2; b = 2; spin_unlock(m) } }
thread r { spin_lock(l); x = a; y = b; spin_unlock(l); same: assert x == y }
bounds updates 1, r 1
expect same refuted
""",
    "tried and read outside": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { if (spin_trylock(l)) { a = 1; b = 1; spin_unlock(l) } else { b = 2 } }
thread r { spin_lock(l); x = a; y = b; spin_unlock(l); same: assert x == y }
bounds updates 2, r 1
expect same refuted
""",
    "a try that fails tells": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { spin_lock(l); a = 1; a = 0; spin_unlock(l) }
thread r { if (spin_trylock(m)) { if (spin_trylock(l)) { x = a; zero: assert x == 0;
    spin_unlock(l) } else { y = a; one: assert y == 1 } spin_unlock(m) } }
bounds updates 2, r 1
expect one refuted
""",
    "a lock that says a phase": """
spinlock l; spinlock m; shared a = 0; shared b = 0
update u { spin_lock(l); a = 1; spin_unlock(l) }
thread r { spin_lock(m); b = 1; if (spin_trylock(l)) { _x = a; spin_unlock(l) } else { _x =
    2 } b = 0; spin_unlock(m) }
never inside: a == 1 && b == 1 always
bounds updates 1, r 1
expect inside refuted
""",
    "two readers of a pair": """
rwlock w; shared a = 0; shared b = 0
update u { write_lock(w); a = 1; b = 1; a = 0; b = 0; write_unlock(w) }
thread r { read_lock(w); x = a; y = b; read_unlock(w); same: assert x == y }
bounds updates 1, r 2
""",
    "a reader that writes": """
rwlock w; shared a = 0
thread r { read_lock(w); x = a; a = x + 1; y = a; a = 0; read_unlock(w); one: assert y == 1
    }
bounds r 2
expect one refuted
""",
    "a reader's try": """
rwlock w; shared a = 0
update u { write_lock(w); a = 1; a = 0; write_unlock(w) }
thread r { if (read_trylock(w)) { x = a; zero: assert x == 0; read_unlock(w) } else { y = a;
    one: assert y == 1 } }
bounds updates 1, r 1
expect one refuted
""",
    "locks of an array, one element": """
spinlock l[2]; shared a = 0; shared b = 0
update u { spin_lock(l[0]); a = 1; b = 1; spin_unlock(l[0]) }
thread r { i = choose 0..1; spin_lock(l[i]); x = a; y = b; spin_unlock(l[i]); same: assert x
    == y || x == 1 }
bounds updates 1, r 1
expect same refuted
""",
    "section, read before and after": """
srcu s; shared a = 0; shared b = 0
update u { a = 1; synchronize_srcu(s); b = 1 }
thread r { z = a; srcu_read_lock(s); x = a; y = b; srcu_read_unlock(s); w = b; order: assert
    y <= x; free: assert w <= z }
bounds updates 1, r 1
expect free refuted
""",
    "section entered after what it protects": """
srcu s; shared a = 0; shared b = 0
update u { a = 1; synchronize_srcu(s); b = 1 }
thread r { x = a; srcu_read_lock(s); y = b; srcu_read_unlock(s); order: assert y <= x }
bounds updates 1, r 1
expect order refuted
""",
    "section left too early": """
srcu s; shared a = 0; shared b = 0
update u { a = 1; synchronize_srcu(s); b = 1 }
thread r { srcu_read_lock(s); x = a; srcu_read_unlock(s); y = b; order: assert y <= x }
bounds updates 1, r 1
expect order refuted
""",
    "grace period begun before the write": """
srcu s; shared a = 0; shared b = 0
update u { synchronize_srcu(s); a = 1; b = 1 }
thread r { srcu_read_lock(s); x = a; y = b; srcu_read_unlock(s); order: assert y <= x }
bounds updates 1, r 1
expect order refuted
""",
    "two grace periods": """
srcu s; shared a = 0; shared b = 0; shared c = 0
update u { a = 1; synchronize_srcu(s); b = 1; synchronize_srcu(s); c = 1 }
thread r { srcu_read_lock(s); x = a; y = b; z = c; srcu_read_unlock(s); skip: assert z <= x;
    one: assert z <= y; two: assert y <= x }
bounds updates 1, r 1
""",
    "two readers, one grace period": """
srcu s; shared a = 0; shared b = 0; shared k = 0
update u { a = 1; synchronize_srcu(s); b = 1 }
thread w { srcu_read_lock(s); k = 1; x = a; y = b; srcu_read_unlock(s); order: assert y <= x
    }
bounds updates 1, w 2
""",
    "section with a lock inside": """
srcu s; shared a = 0; shared b = 0; mutex m
update u { mutex_lock(m); a = 1; mutex_unlock(m); synchronize_srcu(s); mutex_lock(m); b = 1;
    mutex_unlock(m) }
thread r { srcu_read_lock(s); mutex_lock(m); x = a; mutex_unlock(m); mutex_lock(m); y = b;
    mutex_unlock(m); srcu_read_unlock(s); order: assert y <= x }
bounds updates 1, r 1
""",
    "two domains": """
srcu s; shared a = 0; shared b = 0; srcu t
update u { a = 1; synchronize_srcu(s); synchronize_srcu(t); b = 1 }
thread r { srcu_read_lock(t); x = a; srcu_read_lock(s); y = b; srcu_read_unlock(s);
    srcu_read_unlock(t); order: assert y <= x }
bounds updates 1, r 1
""",
    "two lanes wait for each other's section": """
srcu s; srcu t; shared a = 0
update u { srcu_read_lock(s); synchronize_srcu(t); srcu_read_unlock(s) }
thread w { a = 1; srcu_read_lock(t); synchronize_srcu(s); srcu_read_unlock(t) }
bounds updates 1, w 1
expect deadlock refuted
""",
    "nested rcu": """
shared a = 0; shared b = 0
update u { a = 1; synchronize_rcu(); b = 1 }
thread r { rcu_read_lock(); x = a; rcu_read_lock(); _z = a; rcu_read_unlock(); y = b;
    rcu_read_unlock(); order: assert y <= x }
bounds updates 1, r 1
""",
    "begin before a read": """
shared x = 0; shared y = 0
update u { a = x; y = a + 1; y = a }
thread w { x = 1; x = 0 }
never set: y == 2 settled
never raised: y == 1 settled
bounds updates 2, w 1
expect raised refuted
""",
    "a ghost between": """
ghost g = 0; spinlock l; shared a = 0
update u { spin_lock(l); a = 1; g = 1; _b = a; a = 0; g = 0; spin_unlock(l) }
thread r { y = a; seen: assert y >= 0 }
never up: g == 1 always
never apart: g != a always
bounds updates 1, r 1
expect up refuted
""",
    "a ghost that another reads": """
ghost g = 0; spinlock l; shared a = 0
update u { spin_lock(l); a = 1; g = 1; a = 2; g = 2; a = 0; g = 0; spin_unlock(l) }
thread r { y = a; v = g; same: assert v == y || y == 3; one: assert v != 1 }
bounds updates 1, r 1
expect one refuted
""",
    "ghost of a lock's section": """
ghost g = 0; spinlock l
thread w { spin_lock(l); g++; v = g; one: assert v == 1; spin_unlock(l); g-- }
bounds w 2
""",
    "atomic after a lock": """
spinlock l; shared a = 0; shared b = 0
update u { spin_lock(l); _c = a; atomic { a = 1; b = 1 } a = 0; spin_unlock(l); b = 0 }
thread r { x = a; y = b; same: assert x <= y }
never pair: a != b always
bounds updates 1, r 1
expect pair refuted
expect same refuted
""",
    "atomic block that reads twice": """
shared a = 0
update u { a = 1; a = 0 }
thread r { atomic { x = a; y = a } z = a; same: assert x == y; more: assert y == z }
bounds updates 1, r 1
expect more refuted
""",
    "waits for a value under a lock": """
spinlock l; shared a = 0; shared b = 0
update u { b = 1; a = 1 }
thread r { spin_lock(l); wait until (a == 1); x = b; one: assert x == 1; b = 0;
    spin_unlock(l) }
thread q { spin_lock(l); y = b; z = b; same: assert y == z; spin_unlock(l) }
bounds updates 1, r 1, q 1
expect one refuted
expect same refuted
""",
    "waits for a value that comes and goes": """
shared a = 0
update u { a = 1; a = 0 }
thread r { wait until (a == 1); x = a; one: assert x == 1 }
bounds updates 1, r 1
expect one refuted
""",
    "retries under a lock": """
spinlock l; shared s = 0; shared a = 0; shared b = 0
update u { spin_lock(l); s = s + 1; a = 1 - a; b = a; s = s + 1; spin_unlock(l) }
thread r { retry 2 { k = s; x = a; y = b; j = s } until (k == j && (k & 1) == 0); same:
    assert x == y }
bounds updates 2, r 1
""",
    "retries without the second look": """
shared s = 0; shared a = 0; shared b = 0
update u { s = s + 1; a = 1 - a; b = a; s = s + 1 }
thread r { retry 2 { k = s; x = a; y = b } until ((k & 1) == 0); same: assert x == y }
bounds updates 2, r 1
expect same refuted
""",
    "an assertion in the middle": """
spinlock l; shared a = 0
thread w { spin_lock(l); x = a; zero: assert x == 0; a = 1; y = a; one: assert y == 1;
    spin_unlock(l); z = a; left: assert z == 1; a = 0 }
bounds w 2
expect left refuted
expect one refuted
expect zero refuted
""",
    "stops in the middle": """
spinlock l; shared a = 0
update u { spin_lock(l); a = 1; c = choose 0..1; assume c == 0; a = 0; spin_unlock(l) }
thread r { y = a; seen: assert y == 0 }
thread q { spin_lock(l); z = a; zero: assert z == 0; spin_unlock(l) }
bounds updates 2, r 1, q 1
expect seen refuted
""",
    "entries of one's own": """
cache c { g }; shared x = 0
update u { x = x + 1; zap(c); x = x + 1 }
fault f { v = x; c = { g: v }; e = c; w = x; if (filled(e)) mine: assert e.g == v; else odd:
    assert (w & 1) == 1 }
never stale: c.g != x settled
bounds updates 2, faults 1
expect odd refuted
expect stale refuted
""",
    "an entry nobody sees": """
cache c { g }; shared x = 0
update u { x = 1; x = 0 }
fault f { c = { g: 1 }; v = x; c = { g: 0 }; w = x; same: assert v == w }
never one: c.g == 1 && x == 1 always
bounds updates 1, faults 1
expect one refuted
expect same refuted
""",
    "entries of all that are emptied": """
cache c { g }; mutex m; shared x = 0
fault f { mutex_lock(m); v = x; c = { g: v }; e = c; mutex_unlock(m); full: assert filled(e)
    }
update u { mutex_lock(m); x = 1 - x; zap(c); mutex_unlock(m) }
never stale: c.g != x settled
bounds updates 2, faults 2
""",
    "a local at the end": """
spinlock l; shared a = 0
update u { a = 1; a = 2 }
thread r { spin_lock(l); x = a; y = a; spin_unlock(l) }
thread q { spin_lock(l); spin_unlock(l) }
never mixed: r[0].x == 1 && r[0].y == 2 finally
never down: r[0].x > r[0].y finally
bounds updates 1, r 1, q 1
expect down refuted
expect mixed refuted
""",
    "interrupt under a lock": """
spinlock l; shared n = 0
thread t { spin_lock_irq(l); a = n; n = a + 1; spin_unlock_irq(l); b = n; c = n; same:
    assert b == c }
thread irq on t { spin_lock(l); n = 5; spin_unlock(l) }
bounds t 1, irq 1
expect same refuted
""",
    "lane numbers": """
spinlock l; shared n = 0; shared k[r] = 0
thread r { spin_lock(l); k[lane] = 1; y = k[lane]; n = lane; spin_unlock(l); x = n; mine:
    assert x == lane; one: assert y == 1 }
never both: k[0] == 1 && k[1] == 1 && n == 0 always
bounds r 2
expect both refuted
expect mine refuted
""",
    "three lanes": """
spinlock l; shared n = 0
thread r { spin_lock(l); x = n; n = x + 1; y = n; n = 0; spin_unlock(l); one: assert y == 1;
    z = n; seen: assert z == 0 }
bounds r 3
expect seen refuted
""",
    "an increment in two": """
shared n: bits 2 = 0
update u { n = n + 1; n = n - 1 }
thread w { n++; n-- }
never low: n == 2 settled
bounds updates 1, w 1
expect low refuted
""",
    "an atomic block after a write": """
shared x = 0; shared y = 0; shared z = 0
update u { x = 1; atomic { z = z + 1; y = 1 } x = 0; y = 0; z = 0 }
thread r { a = x; b = y; seen: assert a >= b }
never between: x == 1 && y == 0 always
bounds updates 1, r 1
expect between refuted
expect seen refuted
""",
    "an index under the lock of another": """
spinlock l[2]; shared a = 0
thread r { i = choose 0..1; spin_lock(l[i]); a = 1; y = a; mine: assert y == 1; a = 0;
    spin_unlock(l[i]) }
bounds r 2
expect mine refuted
""",
    "emptied and filled": """
shared cache c { at, v }; spinlock l
update u { spin_lock(l); c = { at: 1, v: 1 }; c = { at: 2, v: 2 }; zap(c); spin_unlock(l) }
thread r { e = c; if (filled(e)) { x = e.at; y = e.v; same: assert x == y; one: assert x ==
    1 } }
thread q { spin_lock(l); f = c; empty: assert !filled(f); spin_unlock(l) }
never two: c.at == 2 always
bounds updates 1, r 1, q 1
expect one refuted
expect two refuted
""",
    "three locks in a circle": """
spinlock l; spinlock m; spinlock n; shared a = 0
update u { spin_lock(l); spin_lock(m); a = 1; spin_unlock(m); spin_unlock(l) }
thread r { spin_lock(m); spin_lock(n); a = 2; spin_unlock(n); spin_unlock(m) }
thread q { spin_lock(n); spin_lock(l); a = 3; spin_unlock(l); spin_unlock(n) }
bounds updates 1, r 1, q 1
expect deadlock refuted
""",
    "a lock that is tried in the other order": """
spinlock l; spinlock m; shared a = 0
update u { spin_lock(l); spin_lock(m); a = 1; spin_unlock(m); spin_unlock(l) }
thread r { spin_lock(m); if (spin_trylock(l)) { a = 2; spin_unlock(l) } spin_unlock(m) }
bounds updates 1, r 1
""",
    "a way back in the middle": """
spinlock l; shared a = 0; shared b = 0
update u { k = 0; spin_lock(l); while 2 (k < 2) { a = a + 1; b = b + 1; k = k + 1 } a = 0; b
    = 0; spin_unlock(l) }
thread r { spin_lock(l); x = a; y = b; spin_unlock(l); same: assert x == y }
thread q { z = a; two: assert z != 2 }
bounds updates 1, r 1, q 1
expect two refuted
""",
    "a read after the lock": """
spinlock l; shared x = 0; shared y = 0
update u { spin_lock(l); x = 1; spin_unlock(l); y = 1 }
thread r { spin_lock(l); a = x; spin_unlock(l); b = y; order: assert b <= a }
bounds updates 1, r 1
expect order refuted
""",
    "a read after a try that failed": """
spinlock l; shared x = 0; shared y = 0
update u { spin_lock(l); x = 1; x = 0; spin_unlock(l); y = 2; y = 0 }
thread r { if (spin_trylock(l)) { a = x; zero: assert a == 0; spin_unlock(l) } else {
    b = y; held: assert b == 0 } }
bounds updates 1, r 1
expect held refuted
""",
}
