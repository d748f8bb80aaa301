"""Random protocols in which one lane frees what others may still use."""

from random import Random

_SIGNALS = ("WRITE_ONCE(flag, 1)", "smp_store_release(flag, 1)", "smp_wmb()\nWRITE_ONCE(flag, 1)")
_SIGNALS += ("smp_mb()\nWRITE_ONCE(flag, 1)", "xchg(flag, 1)", "atomic_inc(flag)")
_ASKED = ("READ_ONCE(flag)", "smp_load_acquire(flag)", "xchg(flag, 2)", "atomic_read(flag)")
_BETWEEN = ("", "smp_mb()", "smp_rmb()", "smp_wmb()", "synchronize_rcu()")
_USED = ("WRITE_ONCE(o.f, 1)", "o.f = 1", "r = o.f\n_r = r", "r = READ_ONCE(o.f)\n_r = r")
_USED += ("smp_store_release(o.f, 1)", "r = xchg(o.f, 1)\n_r = r")


def freed(seed: int, *, waits: bool) -> str:
    """The text of a protocol; with `waits` grace periods are waited for."""
    random = Random(seed)
    used = "\n".join(random.sample(_USED[:2] + _USED[4:5] + _USED[2:4], random.choice((1, 1, 2))))
    section = waits and random.random() < 0.5
    locked = random.random() < 0.3
    user = ["o = p", used, random.choice(_SIGNALS)]
    if section:
        user = ["rcu_read_lock()", *user[:2], "rcu_read_unlock()", user[2]]
    if locked:
        user = ["spin_lock(l)", *user[:-1], "spin_unlock(l)", user[-1]]
    between = random.choice(_BETWEEN if waits else _BETWEEN[:-1])
    free = "kfree_rcu(n)" if waits and random.random() < 0.3 else "kfree(n)"
    owner = [f"g = {random.choice(_ASKED)}", "n = p"]
    steps = [between, free]
    if locked:
        steps = ["spin_lock(l)", *steps[:1], "spin_unlock(l)", free]
    guard = random.choice(("g == 1", "g >= 0"))
    owner.append(f"if ({guard}) {{\n" + "\n".join(steps) + "\n}")
    lines = ["\n".join(user), "\n".join(owner)]
    return f"""protocol freed
struct node {{ f }}
object first: node = {{ f: 0 }}
shared p: node = first
shared flag = 0
spinlock l
thread user {{
{lines[0]}
}}
thread owner {{
{lines[1]}
}}
reach ends: flag == 1
bounds user 1, owner 1
"""
