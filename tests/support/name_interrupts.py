"""Litmus tests of the names that switch interrupts off and on, alone or with a lock.

Part of `name_litmus`.
"""

from collections.abc import Iterator

from tests.support.name_shapes import (
    PROVED,
    REFUTED,
    Case,
    both,
    buffering,
    drains,
    outcome,
    refused,
    text,
)

SIDES = {"spin": ("l", "spin"), "read": ("k", "write"), "write": ("k", "write")}
"""A lock, and the side of it that keeps out whoever holds it on the side of the key."""

PLAIN = {
    "mutex": "m",
    "spin": "l",
    "read": "k",
    "write": "k",
    "mmap_read": "sem",
    "mmap_write": "sem",
}
ANY = "i[0].a == i[0].b"
UNLOCKS = (
    *((f"{lock}_lock", f"{lock}_unlock", on) for lock, on in PLAIN.items()),
    *((f"down_{side}", f"up_{side}", "sem") for side in ("read", "write")),
)
HALF = "i[0].a == 1 && i[0].b == 0"

MASKS = {
    "local_irq_disable": ("local_irq_disable()", "local_irq_enable", "local_irq_enable()"),
    "local_irq_save": ("local_irq_save(f)", "local_irq_restore", "local_irq_restore(f)"),
}


def interrupts() -> Iterator[Case]:
    """Whom interrupts that are off keep out, and from where to where they are."""
    for name, (begin, ending, end) in MASKS.items():
        yield from _masked(name, ending, begin, end)
        yield refused(name, f"atomic {{ {begin} }}\n{end}", "E511")
        yield refused(ending, f"{begin}\natomic {{ {end} }}", "E511")
    for lock, unlock, on in UNLOCKS:
        steps = f"local_irq_disable()\n{lock}({on})\n{unlock}({on})\nx = 1\ny = 1"
        still = _interrupted(f"{steps}\nlocal_irq_enable()", HALF)
        found = outcome((PROVED, None))
        yield Case(unlock, "interrupts stay off", still, found, weak=False)
    for side, (lock, other) in SIDES.items():
        for saved, name, ending in (
            ("", f"{side}_lock_irq", f"{side}_unlock_irq"),
            (", f", f"{side}_lock_irqsave", f"{side}_unlock_irqrestore"),
        ):
            begin, end = f"{name}({lock}{saved})", f"{ending}({lock}{saved})"
            yield from _masked(name, ending, begin, end)
            yield from _locked(side, (name, begin), (ending, end), lock, other)
            for wrong in "dmlk".replace(lock, ""):
                steps = f"{name}({wrong}{saved})\n{ending}({wrong}{saved})"
                yield refused(name, steps, "E303")
                yield refused(ending, steps, "E303")


def _interrupted(steps: str, bad: str) -> str:
    """A lane whose writes to x and y an interrupt looks at."""
    lanes = f"thread t {{\n{steps}\n}}\nthread i on t {{\na = x\nb = y\n}}"
    return text(lanes, bad, "t i")


def _masked(name: str, ending: str, begin: str, end: str) -> Iterator[Case]:
    """With interrupts off nothing is seen half done, and after it everything is."""
    off = _interrupted(f"{begin}\nx = 1\ny = 1\n{end}", HALF)
    on = _interrupted(f"{begin}\n{end}\nx = 1\ny = 1", HALF)
    before = _interrupted(f"x = 1\n{begin}\ny = 1\n{end}", HALF)
    nested = f"local_irq_disable()\n{begin}\n{end}\nx = 1\ny = 1\nlocal_irq_enable()"
    restores = ending.endswith("restore")
    kept = _interrupted(nested, HALF)
    for called in (name, ending):
        yield Case(called, "inside", off, outcome((PROVED, None)), weak=False)
        yield Case(called, "behind it", on, outcome((REFUTED, None)), weak=False)
        yield Case(called, "before it", before, outcome((REFUTED, None)), weak=False)
        found = outcome((PROVED if restores else REFUTED, None))
        yield Case(called, "within another", kept, found, weak=False)
        asleep = _interrupted(f"{begin}\nmutex_lock(m)\nmutex_unlock(m)\n{end}", ANY)
        yield Case(called, "sleeps inside", asleep, (("lock_misuse", (REFUTED, None)),), weak=False)
    if begin.startswith("local"):
        yield drains(name, f"{begin}\n{end}", does=False)
        yield drains(ending, f"{begin}\n{end}", does=False)
        yield refused(name, begin, "E521")


def _locked(
    side: str, begin: tuple[str, str], end: tuple[str, str], lock: str, other: str
) -> Iterator[Case]:
    """The lock keeps out other lanes, and an interrupt does not wait for the lane below it."""
    taken = f"{begin[1]}\ny = y + 1\ny = y - 1\n{end[1]}"
    inside = text(f"thread t {{\n{taken}\n}}", "0", "t").replace("t 1", "t 2")
    inside = inside.replace("never outcome: 0 finally", "never outcome: y == 2 always")
    apart = both(REFUTED if side == "read" else PROVED)
    handler = f"{other}_lock({lock})\nx = 1\n{other}_unlock({lock})"
    lanes = f"thread t {{\n{taken}\n}}\nthread i on t {{\n{handler}\n}}"
    unmasked = f"thread t {{\nlocal_irq_enable()\n{begin[1]}\nx = 2\n{end[1]}\n}}"
    for name in (begin[0], end[0]):
        yield Case(name, "two inside", inside, outcome(apart))
        quiet = (("deadlock", (PROVED, None)),)
        yield Case(name, "taken in an interrupt too", text(lanes, "0", "t i"), quiet, weak=False)
        yield Case(
            name, "interrupts on before", text(unmasked, "x != 2", "t"), outcome(both(PROVED))
        )
    after = buffering(f"{begin[1]}\nx = 1\n{end[1]}\nr = y")
    done = both(PROVED) if side == "read" else (PROVED, REFUTED)
    yield Case(end[0], "waits", after, outcome(done))
    yield drains(begin[0], f"{begin[1]}\nr = y\n{end[1]}", does=True)
    plain = f"{side}_unlock({lock})"
    if "," in end[1]:
        yield refused(end[0], f"{side}_lock({lock})\n{end[1]}", "E522")
    else:
        yield refused(end[0], end[1], "E506")
    yield refused(begin[0], f"{begin[1]}\n{plain}", "E521")
