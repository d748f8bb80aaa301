"""Random litmus tests in C whose end is a cycle through all lanes.

Each lane has two accesses to two variables, something between or around them that may order them,
and meets the next lane at its second variable: what is written there is read, overwritten, or not
read yet. Whether the end is forbidden hangs on nothing else.
"""

import random

BETWEEN = (
    "",
    "smp_mb();",
    "smp_wmb();",
    "smp_rmb();",
    "synchronize_rcu();",
    "synchronize_srcu(s);",
    "synchronize_srcu(t);",
    "spin_unlock(l); spin_lock(l);",
    "spin_unlock(l); spin_lock(m); smp_mb__after_unlock_lock();",
    "smp_mb__before_atomic(); atomic_inc(w);",
    "atomic_inc(w); smp_mb__after_atomic();",
    "q1 = xchg(w, 1);",
    "q1 = xchg_release(w, 1); q2 = xchg_acquire(w, 2);",
    "smp_store_release(w, 1); q1 = smp_load_acquire(w);",
    "q1 = xchg_relaxed(w, 1);",
    "rcu_read_lock(); rcu_read_unlock();",
)
AROUND = (
    ("rcu_read_lock();", "rcu_read_unlock();"),
    ("rcu_read_lock();", "rcu_read_unlock();"),
    ("q0 = srcu_read_lock(s);", "srcu_read_unlock(s, q0);"),
    ("q0 = srcu_read_lock(t);", "srcu_read_unlock(t, q0);"),
    ("spin_lock(l);", "spin_unlock(l);"),
    ("spin_lock(l); smp_mb__after_spinlock();", "spin_unlock(l);"),
    ("q0 = srcu_read_lock(s); rcu_read_lock();", "rcu_read_unlock(); srcu_read_unlock(s, q0);"),
)
FIRST_READS = ("READ_ONCE(*{x})", "READ_ONCE(*{x})", "smp_load_acquire({x})", "xchg({x}, {w})")
LAST_WRITES = (
    "WRITE_ONCE(*{x}, {v});",
    "WRITE_ONCE(*{x}, {v});",
    "smp_store_release({x}, {v});",
    "q9 = xchg_relaxed({x}, {v});",
    "q9 = xchg({x}, {v});",
    "WRITE_ONCE(*{x}, {v} + (r0 & 128));",
    "if (r0 < 128) WRITE_ONCE(*{x}, {v});",
)


def random_cycle(seed: int, most: int = 5) -> str:
    """The text of a test of two lanes or more."""
    choose = random.Random(seed)
    count = choose.randint(2, most)
    meeting = [choose.choice(("rf", "rf", "fr", "co")) for _ in range(count)]
    parts = [_lane(choose, n, count, meeting) for n in range(count)]
    ends = [end for _, end in parts if end]
    variables = ", ".join(f"int *x{n}" for n in range(count))
    others = "int *w, spinlock_t *l, spinlock_t *m, struct srcu_struct *s, struct srcu_struct *t"
    lanes = [
        f"P{n}({variables}, {others})\n{{\n    {body}\n}}" for n, (body, _) in enumerate(parts)
    ]
    condition = " /\\ ".join(ends) or "w=w"
    return f"C cycle-{seed}\n\n{{}}\n\n" + "\n\n".join(lanes) + f"\n\nexists ({condition})\n"


def _lane(choose: random.Random, n: int, count: int, meeting: list[str]) -> tuple[str, str]:
    """A lane's statements, and what its registers and the variable behind it hold at the end."""
    here, there = meeting[n - 1], meeting[n]
    come, go = f"x{(n - 1) % count}", f"x{n}"
    ends = []
    if here == "rf":
        first = f"r0 = {choose.choice(FIRST_READS)};".format(x=come, w=7)
        ends.append(f"{n}:r0=1")
    else:
        first = f"WRITE_ONCE(*{come}, {2 if here == 'co' else 1});"
    if there == "fr":
        last = f"r1 = READ_ONCE(*{go});"
        ends.append(f"{n}:r1=0")
    else:
        last = choose.choice(LAST_WRITES).format(x=go, v=1)
        if here != "rf":
            last = last.replace(" + (r0 & 128)", "").replace("if (r0 < 128) ", "")
    if there == "co":
        ends.append(f"{go}=2")
    before, after = choose.choice(AROUND) if choose.random() < 0.55 else ("", "")
    between = choose.choice(BETWEEN)
    locked = "spin_unlock(l); spin_lock" in between
    if locked and not before.startswith("spin"):
        before, after = f"spin_lock(l); {before}", f"{after} spin_unlock({_taken(between)});"
    elif locked:
        after = f"spin_unlock({_taken(between)});"
    return " ".join(x for x in (before, first, between, last, after) if x), " /\\ ".join(ends)


def _taken(between: str) -> str:
    return "m" if "spin_lock(m)" in between else "l"
