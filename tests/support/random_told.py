"""Random protocols in which lanes ask with `settled(E)` what updates that are over have written."""

from random import Random

_WRITES = (
    "WRITE_ONCE(x, fresh)",
    "WRITE_ONCE(y, fresh)",
    "p.f = fresh",
    "q.f = fresh",
    "rcu_assign_pointer(p, q)",
)
_READ = {"x": "READ_ONCE(x)", "y": "READ_ONCE(y)", "p.f": "READ_ONCE(p.f)"}
_CLAIMS = ("a >= want", "!(a < want)", "a > want || a == b", "want <= a && b >= want", "b >= want")


def told(seed: int) -> str:
    """The text of a protocol."""
    random = Random(seed)
    asked = random.choice(sorted(_READ))
    writes = random.choices(_WRITES, k=random.choice((1, 2, 3)))
    if random.random() < 0.3:
        writes = ["spin_lock(l)", *writes, "spin_unlock(l)"]
    looks = [f"{name} = {_READ[random.choice(sorted(_READ))]}" for name in ("a", "b")]
    steps = [*looks, f"want = settled({asked})"]
    random.shuffle(steps)
    claim = f"ok: assert {random.choice(_CLAIMS)}"
    guarded = f"if (a != b) {{ {claim} }}" if random.random() < 0.3 else claim
    lines = "\n".join((*steps, "_c = a", "_d = b", guarded))
    update = "\n".join(("q = other", "_o = q", *writes))
    return f"""protocol told
struct node {{ f }}
object one: node = {{ f: 0 }}
object second: node = {{ f: 0 }}
shared p: node = one
shared other: node = second
shared x = 0
shared y = 0
spinlock l
update u {{
{update}
}}
thread reader {{
{lines}
}}
never zero: x == 0 when y != 0 settled
bounds updates {random.choice((1, 2))}, reader {random.choice((1, 1, 2))}
"""
