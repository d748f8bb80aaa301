"""Small random protocols with what there is several of: elements, locks in arrays, two sides."""

import random


def numbered(seed: int) -> str:
    """Two lanes of a kind that know their numbers, and one that goes through what each has."""
    chance = random.Random(f"numbered {seed}")
    lines = [
        *(
            "protocol numbered",
            "shared x = 0",
            "shared each_has[t] = 0",
            "shared two[2] = { 1, 0 }",
        ),
        *("spinlock own[t]", "rwlock sides", "word w[2] { f, g } = { f: 0, g: 1 }"),
        *(f"never {one} always" for one in chance.sample(ALWAYS, 2)),
        f"never {chance.choice(FINALLY)} finally",
        "thread t {",
        *_some(chance, OWN, 2),
        "}",
        "thread s {",
        *_some(chance, ACROSS, 2),
        "}",
        "bounds t 2, s 1",
    ]
    return "\n".join(lines) + "\n"


def _some(chance: random.Random, offered: tuple[str, ...], most: int) -> list[str]:
    """A few steps, each with names of its own."""
    chosen = (chance.choice(offered) for _ in range(chance.randint(1, most)))
    return [one.replace("#", str(n)) for n, one in enumerate(chosen)]


ALWAYS = (
    "own_is_two: each_has[lane] == 2",
    "own_and_x: each_has[lane] == 1 && x == lane",
    "both: each_has[0] == 1 && each_has[1] == 1",
    "element: two[0] == 2",
    "far: each_has[2] == 1",
    "entry: w[1].f == 1 && x == 1",
)
FINALLY = (
    "ends: each_has[lane] != 0",
    "second: each_has[1] == 1 && x == 2",
    "entries: w[0].f == w[1].f",
)
OWN = (
    "each_has[lane]++",
    "each_has[lane] = x + 1",
    "x = lane + 1",
    "r# = two[lane]\nx = r#",
    "two[lane] = 2",
    "spin_lock(&own[lane])\neach_has[lane] = x\nspin_unlock(&own[lane])",
    "if (spin_trylock(&own[lane])) {\nx = 1\nspin_unlock(&own[lane])\n}",
    "read_lock(&sides)\na# = x\nb# = x\nread_unlock(&sides)\nsame#: assert a# == b#",
    "read_lock(&sides)\nread_lock(&sides)\nread_unlock(&sides)\nx = 1\nread_unlock(&sides)",
    "if (read_trylock(&sides)) {\nx = 2\nread_unlock(&sides)\n} else {\nx = 1\n}",
    "w[lane] = { f: 1, g: lane }",
    "if (each_has[lane] == 0) return",
)
ACROSS = (
    "each i# of each_has {\neach_has[i#] = i# + 1\n}",
    "s# = 0\neach i# of each_has {\ns# += each_has[i#]\n}\nx = s#",
    "each i# of own {\nspin_lock(&own[i#])\nx = i# + 1\nspin_unlock(&own[i#])\n}",
    "write_lock(&sides)\nx = 1\nx = 2\nwrite_unlock(&sides)",
    "if (write_trylock(&sides)) {\nx = 0\nwrite_unlock(&sides)\n} else {\nx = 2\n}",
    "e# = w[1]\nx = e#.g\nw[0] = e#",
    "o#: assert two[1] != 2 || each_has[0] != 1",
    "each_has[1] = 1",
    "each i# of each_has {\nif (each_has[i#] == 1) break\nx = 2\n}",
)
