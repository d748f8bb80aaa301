"""Small random protocols with lanes that are coupled: by what they all write, by locks, by counts
and tokens, by sections that others wait for. `text(seed)` is the protocol of a seed, with two lanes
of the kind; it begins with what the lanes do, so that a third may do it too."""

from random import Random

CLAIMS = ("x > 1", "x > 2", "x > y", "y > x", "x != y", "inside > 1", "inside > 2", "x < 0")


KINDS = ("read", "write", "locked", "inside", "guarded", "own", "section")


def text(seed: int) -> str:
    """The protocol of a seed."""
    random = Random(seed)
    lanes = _block(random, random.choice((2, 3, 3, 4)))
    update = random.random() < 0.6
    lines = ["protocol coupled", "spinlock l", "srcu d", "shared x = 0", "shared y = 0"]
    lines += ["shared inside = 0", "shared cache c { g }", "cache own { g } per r"]
    lines += ["thread r {", *lanes, "}"]
    if update:
        lines += ["update u {", *_update(random), "}"]
    count = random.choice((1, 2, 2))
    for number, claim in enumerate(random.sample(CLAIMS, count)):
        lines.append(f"never bad{number}: {claim} {random.choice(('always', 'settled'))}")
    bounds = "bounds updates 1, r 2" if update else "bounds r 2"
    return "\n".join([*lines, bounds]) + "\n"


def _block(random: Random, size: int) -> list[str]:
    made: list[str] = []
    for number in range(1, size + 1):
        made += _step(random, random.choice(KINDS), f"v{number}")
    if not any(" = " in line and "v" not in line.split()[0] for line in made):
        made.append("    x = 1")
    return made


def _step(random: Random, kind: str, new: str) -> list[str]:
    place = random.choice(("x", "y"))
    match kind:
        case "read":
            return [f"    {new} = {place}", f"    ok_{new}: assert {new} {_test(random)}"]
        case "write":
            read = [f"    {new} = {place}", f"    {place} = {new} + 1"]
            return random.choice((read, [f"    {place} = {random.choice('012')}"]))
        case "locked":
            inner = [f"    {new} = {place}", f"    {place} = {new} + 1"]
            inner += random.choice(
                ([], [f"    y = {new}"], [f"    {place} = {new}"], ["    x = 0"])
            )
            return ["    spin_lock(l)", *inner, "    spin_unlock(l)"]
        case "inside":
            lock = random.random() < 0.5
            inner = ["    atomic { inside++ }", f"    {new} = inside"]
            inner += [f"    ok_{new}: assert {new} <= {random.choice('122')}"]
            inner += ["    atomic { inside-- }"]
            return ["    spin_lock(l)", *inner, "    spin_unlock(l)"] if lock else inner
        case "guarded":
            test = f"{new} {_test(random)}"
            return [f"    {new} = {place}", f"    if ({test})", f"        {place} = {new} + 1"]
        case "own":
            return [
                f"    {new} = own",
                f"    if (filled({new})) {{",
                f"        ok_{new}: assert {new}.g {random.choice(('<=', '==', '>='))} {place}",
                "    }",
                f"    own = {{ g: {place} }}",
            ]
        case _:
            return [
                "    srcu_read_lock(d)",
                f"    {new} = {place}",
                f"    c = {{ g: {new} }}",
                "    srcu_read_unlock(d)",
            ]


def _update(random: Random) -> list[str]:
    made = []
    for _ in range(random.choice((1, 2))):
        made += random.choice(
            (
                ["    x = 0"],
                ["    k = y", "    y = k + 1"],
                ["    spin_lock(l)", "    zap(c)", "    n = x", "    y = n", "    spin_unlock(l)"],
                ["    synchronize_srcu(d)"],
                ["    z = inside", "    if (z == 0)", "        x = 2"],
            )
        )
    return made


def _test(random: Random) -> str:
    return f"{random.choice(('==', '<=', '<', '!='))} {random.choice('012')}"
