"""Small random protocols that free objects, now and later, and have them again.

Most of them have few enough states to be closed. They publish before they write, free twice, hold
pointers for too long, and compare pointers to what came back.
"""

from random import Random


def text(seed: int) -> str:
    """A protocol."""
    random = Random(seed)
    kept = "typesafe " if random.random() < 0.2 else ""
    lines = [
        "protocol frees",
        f"{kept}struct node {{ data }}",
        "srcu s",
        "shared list: node = { data: 0 }",
        "shared n = 0",
        "update u {",
        *_update(random),
        "}",
        "thread r {",
        *_reader(random),
        "}",
        f"never bad: {random.choice(BAD)} {random.choice(('always', 'settled'))}",
        f"bounds updates 2, r {random.choice((1, 1, 2))}",
        "",
    ]
    return "\n".join(lines)


BAD = (
    "list.data == 2 && n == 1",
    "list.data == 1 when list != null",
    "list == null && n == 1",
    "list.data > 1",
)


def _update(random: Random) -> list[str]:
    frees = random.choices(("kfree(old)", "kfree_rcu(old)", "call_srcu(s, old)"), k=2)
    lines = [
        "old = list",
        random.choice(("new = alloc node", "new = alloc node", "new = copy old")),
    ]
    steps = [f"new.data = {random.choice(('1', '1', 'n'))}", "list = new"]
    if random.random() < 0.25:
        steps.reverse()
    if random.random() < 0.25:
        steps = ["list = null", *steps]
    lines += steps
    lines += [random.choice(("n = 1", "n = 0", "smp_mb()"))]
    if random.random() < 0.5:
        lines.append(random.choice(("synchronize_rcu()", "synchronize_srcu(s)")))
    lines += [f"if (old != null)\n    {frees[0]}"]
    if random.random() < 0.15:
        lines += [f"if (old != null)\n    {frees[1]}"]
    if random.random() < 0.2:
        lines += ["again = alloc node", "again.data = 2", "kfree(again)"]
    if random.random() < 0.2:
        lines = [
            "rcu_read_lock()",
            *(x for x in lines if "synchronize" not in x),
            "rcu_read_unlock()",
        ]
    return lines


def _reader(random: Random) -> list[str]:
    enters, leaves = random.choice(
        (
            ("rcu_read_lock()", "rcu_read_unlock()"),
            ("rcu_read_lock()", "rcu_read_unlock()"),
            ("srcu_read_lock(s)", "srcu_read_unlock(s)"),
            ("smp_mb()", "smp_mb()"),
        )
    )
    uses = [
        ["d = p.data", "seen: assert d != 2"],
        ["d = p.data", "q = list", "same: assert q != p || d < 2"],
        ["p.data = 2"],
        ["x = n", "d = p.data", "y = n", "still: assert x == y || d != 2"],
    ]
    used = [line for use in random.sample(uses, random.choice((1, 1, 2))) for line in use]
    inside = ["if (p != null) {", *used, "}"]
    first = [enters, "p = list"]
    if random.random() < 0.2:
        first = ["w = settled(list)", *first]
        inside += ["k = n", "was: assert k == 0 || w != p"]
    early = random.random() < 0.2
    return [*first, leaves, *inside] if early else [*first, *inside, leaves]
