"""Small random protocols with marks, barriers, sections and grace periods, for weak memory."""

import random

ACCESSES = (
    "WRITE_ONCE({here}, {value})",
    "smp_store_release({here}, {value})",
    "{here} = {value}",
    "_r{name} = READ_ONCE({here})",
    "_r{name} = smp_load_acquire({here})",
    "_r{name} = {here}",
    "_r{name} = xchg({here}, {value})",
    "_r{name} = xchg_relaxed({here}, {value})",
    "atomic_inc({here})",
    "if (READ_ONCE({here}) == {value}) WRITE_ONCE({there}, 1)",
    "_r{name} = READ_ONCE({here})\nWRITE_ONCE({there}, _r{name})",
    "_r{name} = rcu_dereference(p).f",
    "n{name} = copy p\nn{name}.f = {value}\nrcu_assign_pointer(p, n{name})",
)
BARRIERS = ("smp_mb()", "smp_wmb()", "smp_rmb()")
GRACE = ("synchronize_rcu()", "synchronize_srcu(s)")
SECTIONS = (
    ("rcu_read_lock()", "rcu_read_unlock()"),
    ("srcu_read_lock(s)", "srcu_read_unlock(s)"),
    ("spin_lock(l)", "spin_unlock(l)"),
)
HEAD = """protocol weak
srcu s
spinlock l
struct node { f }
shared x = 0
shared y = 0
rcu p: node = { f: 0 }
cache c { a, b }
"""


def weak(seed: int) -> str:
    """A writer or update, and lanes with an entry of their own."""
    chance = random.Random(f"weak {seed}")
    graceful: tuple[str, ...] = chance.choice(((), GRACE[:1], GRACE[1:], GRACE))
    lines = [f"{chance.choice(('update u', 'thread u'))} {{", *_lane(chance, "u", graceful), "}"]
    lines += ["fault v {", *_lane(chance, "v", graceful, entry=True), "}"]
    third = chance.random() < 0.4
    if third:
        lines += ["thread w {", *_lane(chance, "w", graceful), "}"]
    when = chance.choice(("always", "settled"))
    lines.append(f"never bad0: x == {chance.randrange(3)} && y == {chance.randrange(1, 3)} {when}")
    lines.append(f"never bad1: c.a == {chance.randrange(2)} && x != {chance.randrange(2)} {when}")
    lines.append(f"never bad2: c.b == 1 && p.f == {chance.randrange(3)} {when}")
    bounds = "updates 1" if lines[0].startswith("update") else "u 1"
    return HEAD + "\n".join((*lines, f"bounds {bounds}, faults 1{', w 1' * third}")) + "\n"


def _lane(
    chance: random.Random, lane: str, graceful: tuple[str, ...], *, entry: bool = False
) -> list[str]:
    steps: list[str] = []
    for number in range(chance.choice((1, 2, 2))):
        steps += _access(chance, f"{lane}{number}")
        steps += [chance.choice(BARRIERS)] * (chance.random() < 0.4)
        if graceful and chance.random() < 0.5:
            steps.append(chance.choice(graceful))
    if chance.random() < 0.6:
        begin, end = chance.choice(SECTIONS)
        steps += [begin, *_access(chance, f"{lane}8"), *_access(chance, f"{lane}9"), end]
    if entry:
        read, other = chance.choice(("READ_ONCE(x)", "y")), chance.choice(("x", "READ_ONCE(y)"))
        steps += [f"k = {read}", f"m = {other}", "c = { a: k, b: m }"]
    return steps


def _access(chance: random.Random, name: str) -> list[str]:
    here, there = chance.sample("xy", 2)
    made = chance.choice(ACCESSES)
    return made.format(here=here, there=there, name=name, value=chance.randrange(1, 3)).split("\n")
