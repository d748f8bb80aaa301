"""Small random protocols, of which every execution can be looked at."""

import random
import re


def small(seed: int) -> str:
    """Two or three short lanes: accesses, branches, locks, assertions and pointers."""
    chance = random.Random(f"why {seed}")
    lines = ["protocol small", "shared x = 0", "shared y = 0", "spinlock l"]
    lines += ["struct node { f }", "rcu p: node = { f: 0 }"]
    lines += [f"never bad0: x == {chance.randrange(1, 4)} && y == {chance.randrange(3)} finally"]
    lines += ["never bad1: x > y always", "never bad2: p.f == 1 && x != y always"]
    count = chance.choice((2, 2, 3))
    for lane in range(count):
        steps: list[str] = []
        for step in range(chance.choice((1, 2, 3)) if count == 2 else 1):
            steps += _steps(chance, f"{lane}{step}")
        read = [one.split()[0] for one in steps if re.match(r"r\d+ = ", one)]
        lines += [f"never {one}: t{lane}[0].{one} == {lane + 1} finally" for one in read]
        lines += [f"thread t{lane} {{", *steps, "}"]
    if count == 2 and chance.random() < 0.4:
        lines += ["update u {", chance.choice(("x = 1", "y = x + 1")), "}", "bounds updates 1, "]
    else:
        lines.append("bounds ")
    lines[-1] += ", ".join(f"t{lane} 1" for lane in range(count))
    return "\n".join(lines) + "\n"


def _steps(chance: random.Random, name: str) -> list[str]:
    here, there, value = chance.choice("xy"), chance.choice("xy"), chance.randrange(1, 3)
    condition = f"{here} == {chance.choice((0, 1))}"
    return chance.choice(
        [
            [f"{here} = {value}"],
            [f"{here}++"],
            [f"{here} = {there} + {here}"],
            [f"r{name} = {here}"],
            [f"r{name} = xchg({here}, {there})"],
            [f"r{name} = p.f + p.f", f"y = r{name} + x"],
            [f"if ({condition}) {there} = {value}"],
            [
                f"if ({condition} || {there} == 1) {{",
                f"{here} = 1",
                "} else {",
                f"{there} = 2",
                "}",
            ],
            ["spin_lock(l)", f"{here} = {there} + 1", "spin_unlock(l)"],
            [f"atomic_inc({here})"],
            [f"if ({condition}) return"],
            ["if (spin_trylock(l)) {", f"{here} = {value}", "spin_unlock(l)", "}"],
            [f"w{name} = settled({here})", f"s{name}: assert w{name} == {there}"],
            [f"a{name}: assert {here} != {value}"],
            [f"assume {here} != {value}"],
            [f"n{name} = copy p", f"n{name}.f = {here}", f"p = n{name}"],
        ]
    )
