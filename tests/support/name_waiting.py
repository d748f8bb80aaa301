"""Litmus tests of the names that wait for others, free objects, or are several steps.

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
    single,
    text,
)

# ---------------------------------------------------------------- locks

LOCKS = {
    # How it is taken, tried and released, on which lock, what holding it keeps out.
    "mutex": ("mutex_lock", "mutex_trylock", "mutex_unlock", "m"),
    "spin": ("spin_lock", "spin_trylock", "spin_unlock", "l"),
    "read": ("read_lock", "read_trylock", "read_unlock", "k"),
    "write": ("write_lock", "write_trylock", "write_unlock", "k"),
    "down read": ("down_read", "down_read_trylock", "up_read", "sem"),
    "down write": ("down_write", "down_write_trylock", "up_write", "sem"),
    "mmap read": ("mmap_read_lock", "mmap_read_trylock", "mmap_read_unlock", "sem"),
    "mmap write": ("mmap_write_lock", "mmap_write_trylock", "mmap_write_unlock", "sem"),
}
WRITERS = {"k": ("write_lock", "write_unlock"), "sem": ("down_write", "up_write")}
"""How the locks with two sides are taken and released by a writer."""

READERS = {"k": ("read_lock", "read_unlock"), "sem": ("down_read", "up_read")}
SPINNING_WRITERS = ("spin_unlock", "write_unlock")
"""Those whose unlock is a plain store."""


def locks() -> Iterator[Case]:
    """Who is kept out, what waits for the buffer, and where it must not stand."""
    for side, (lock, try_, unlock, on) in LOCKS.items():
        apart = REFUTED if side.endswith("read") else PROVED
        held = f"{lock}({on})\ny = y + 1\ny = y - 1\n{unlock}({on})"
        tried = f"if ({try_}({on})) {{\ny = y + 1\ny = y - 1\n{unlock}({on})\n}}"
        for name, steps in ((lock, held), (unlock, held), (try_, tried)):
            inside = text(f"thread t {{\n{steps}\n}}", "0", "t").replace("t 1", "t 2")
            inside = inside.replace("never outcome: 0 finally", "never outcome: y == 2 always")
            yield Case(name, "two inside", inside, outcome(both(apart)))
        if on in WRITERS:
            begin, end = WRITERS[on]
            writer = f"thread u {{\n{begin}({on})\nx = 1\nx = 0\n{end}({on})\n}}"
            for name, steps in ((lock, held), (try_, tried)):
                seen = steps.replace("y = y + 1\ny = y - 1", "r = x")
                seen = seen if name == lock else f"r = 0\n{seen}"
                excluded = text(f"thread t {{\n{seen}\n}}\n{writer}", "t[0].r == 1", "t u")
                yield Case(name, "a writer beside", excluded, outcome(both(PROVED)))
        yield drains(lock, f"{lock}({on})\nr = y\n{unlock}({on})", does=True)
        yield drains(try_, f"if ({try_}({on})) {{\nr = y\n{unlock}({on})\n}}", does=True)
        after = buffering(f"{lock}({on})\nx = 1\n{unlock}({on})\nr = y")
        done = unlock not in SPINNING_WRITERS
        yield Case(unlock, "waits", after, outcome(both(PROVED) if done else (PROVED, REFUTED)))
        yield from _failing(side)
        yield from _misused(side)
        if on in WRITERS:
            begin, end = READERS[on]
            inner = f"{begin}({on})\nr = x\n{end}({on})"
            twice = f"thread t {{\n{lock}({on})\n{inner}\n{unlock}({on})\n}}"
            if side.endswith("read"):
                found = text(f"{twice}\n{writer}", "t[0].r == 1", "t u")
                stuck = (*outcome(both(PROVED)), ("deadlock", both(REFUTED)))
                yield Case(lock, "a writer between", found, stuck)
            else:
                yield refused(lock, f"{lock}({on})\n{lock}({on})\n{unlock}({on})", "E505")
        for other in "dmlkh".replace(on, ""):
            for name in (lock, unlock):
                yield refused(name, f"{lock}({other})\n{unlock}({other})", "E303")
            yield refused(try_, f"if ({try_}({other})) {{\n{unlock}({other})\n}}", "E303")


def _failing(side: str) -> Iterator[Case]:
    """A try that fails: another holds the lock, and nothing waits for the buffer."""
    _, try_, unlock, on = LOCKS[side]
    hold, drop = WRITERS.get(on, (LOCKS[side][0], unlock))
    lanes = f"thread v {{\n{hold}({on})\nz = 1\n{drop}({on})\n}}\n"
    steps = f"f = 0\nx = 1\nif ({try_}({on})) {{\nf = 1\n{unlock}({on})\n}}\nr = y"
    failed = buffering(steps, seen="t[0].f == 0", more=lanes, names="v")
    yield Case(try_, "fails", failed, outcome((PROVED, REFUTED)))
    alone = single(f"f = 0\nif ({try_}({on})) {{\nf = 1\n{unlock}({on})\n}}", "t[0].f == 1")
    yield Case(try_, "alone", alone, outcome(both(PROVED)))
    if on in READERS:
        begin, end = READERS[on]
        readers = f"thread t {{\n{begin}({on})\nx = 1\nx = 0\n{end}({on})\n}}\n"
        tried = f"f = 2\nif (x == 1) {{\nif ({try_}({on})) {{\nf = x\n{unlock}({on})\n}}\n}}"
        beside = text(f"{readers}thread u {{\n{tried}\n}}", "u[0].f == 1", "t u")
        shared = REFUTED if side.endswith("read") else PROVED
        yield Case(try_, "a reader beside", beside, outcome(both(shared)))


def _misused(side: str) -> Iterator[Case]:
    """Sleeping with a spinlock held, and mutexes in interrupts."""
    lock, try_, unlock, on = LOCKS[side]
    other = ("mutex_lock(m)", "mutex_unlock(m)")
    nested = f"{lock}({on})\n{other[0]}\n{other[1]}\n{unlock}({on})"
    if on in "lk":
        yield Case(lock, "sleeps inside", single(nested, "1"), (("lock_misuse", both(REFUTED)),))
        within = f"if ({try_}({on})) {{\n{other[0]}\n{other[1]}\n{unlock}({on})\n}}"
        yield Case(try_, "sleeps inside", single(within, "1"), (("lock_misuse", both(REFUTED)),))
    else:
        under = f"spin_lock(l)\n{lock}({on})\n{unlock}({on})\nspin_unlock(l)"
        yield Case(lock, "under a spinlock", single(under, "1"), (("lock_misuse", both(REFUTED)),))
        under = f"spin_lock(l)\nif ({try_}({on})) {{\n{unlock}({on})\n}}\nspin_unlock(l)"
        yield Case(try_, "under a spinlock", single(under, "1"), (("lock_misuse", (None, None)),))
        nested = f"{lock}({on})\nsynchronize_rcu()\n{unlock}({on})"
        yield Case(lock, "sleeps inside", single(nested, "1"), (("lock_misuse", (None, None)),))
    for name, steps in (
        (lock, f"{lock}({on})\n{unlock}({on})"),
        (try_, f"if ({try_}({on})) {{\n{unlock}({on})\n}}"),
    ):
        lanes = f"thread t {{\ny = 1\n}}\nthread i on t {{\n{steps}\n}}"
        sleeps = on == "m" or (on == "sem" and name == lock)
        found = REFUTED if sleeps else None
        yield Case(
            name,
            "in an interrupt",
            text(lanes, "0", "t i"),
            (("lock_misuse", (found, None)),),
            weak=False,
        )


# ---------------------------------------------------------------- wait queues

SLEEPER = "thread t {{\nwait_event({queue}, READ_ONCE(x) == 1)\nr = y\n}}\n"


def queues() -> Iterator[Case]:
    """Who wakes whom, what a wake-up that comes too early does, and where a lane falls asleep."""
    sleeper = SLEEPER.format(queue="wq")
    for wake in ("wake_up", "wake_up_all"):
        for what, steps, verdict in (
            ("in time", f"y = 1\nx = 1\n{wake}(wq)", PROVED),
            ("too early", f"y = 1\n{wake}(wq)\nx = 1", REFUTED),
            ("at another queue", f"y = 1\nx = 1\n{wake}(other)", REFUTED),
        ):
            lanes = f"{sleeper}thread u {{\n{steps}\n}}"
            found = (*outcome(both(PROVED)), ("deadlock", both(verdict)))
            yield Case(wake, what, text(lanes, "t[0].r == 0", "t u"), found)
            if what == "in time":
                two = text(lanes, "t[0].r == 0", "t u").replace("bounds t 1", "bounds t 2")
                yield Case(wake, "two who sleep", two, found)
        yield drains(wake, f"{wake}(wq)", does=True)
        yield refused(wake, f"{wake}(m)", "E303")
        yield refused(wake, f"r = {wake}(wq)", "E312")
        yield refused(wake, f"atomic {{ {wake}(wq) }}", "E511")
    name = "wait_event"
    lanes = f"{sleeper}thread u {{\ny = 1\nx = 1\n}}"
    stuck = (*outcome(both(PROVED)), ("deadlock", both(REFUTED)))
    yield Case(name, "nobody wakes", text(lanes, "t[0].r == 0", "t u"), stuck)
    yield drains(name, f"{name}(wq, z == 0)", does=False)
    looks = "x = 1\n{}\nif (y == 1) wake_up(wq)"
    lanes = f"thread t {{\ny = 1\n{name}(wq, x == 1)\n}}\nthread u {{\n{looks}\n}}"
    for fence, verdicts in (("smp_mb()", both(PROVED)), ("smp_wmb()", (PROVED, REFUTED))):
        found = text(lanes.replace("{}", fence), "0", "t u")
        yield Case(name, f"its barrier and {fence}", found, (("deadlock", verdicts),))
    for first, last in (("spin_lock(l)", "spin_unlock(l)"), SECTIONS["rcu_read_lock"]):
        inside = single(f"{first}\n{name}(wq, x == 0)\n{last}", "1")
        yield Case(name, f"after {first}", inside, (("lock_misuse", both(REFUTED)),))
    lanes = f"thread t {{\ny = 1\n}}\nthread i on t {{\n{name}(wq, x == 0)\n}}"
    misused = (("lock_misuse", (REFUTED, None)),)
    yield Case(name, "in an interrupt", text(lanes, "0", "t i"), misused, weak=False)
    yield refused(name, f"{name}(m, x == 1)", "E303")
    yield refused(name, f"{name}(wq, x + y == 1)", "E517")
    yield refused(name, f"r = {name}(wq, x == 1)", "E312")


# ---------------------------------------------------------------- read sections, grace periods

SECTIONS = {
    "rcu_read_lock": ("rcu_read_lock()", "rcu_read_unlock()"),
    "srcu_read_lock": ("srcu_read_lock(d)", "srcu_read_unlock(d)"),
}
PERIODS = {
    "synchronize_rcu": "rcu_read_lock",
    "synchronize_rcu_expedited": "rcu_read_lock",
    "synchronize_srcu": "srcu_read_lock",
    "synchronize_srcu_expedited": "srcu_read_lock",
}


def sections() -> Iterator[Case]:
    """A grace period waits for earlier sections of its domain, and only for those."""
    for wait, enter in PERIODS.items():
        first, last = SECTIONS[enter]
        leave = enter.replace("lock", "unlock")
        call = f"{wait}(d)" if "srcu" in wait else f"{wait}()"
        writer = f"thread u {{\nx = 1\n{call}\ny = 1\n}}"
        for name, steps, verdict in (
            (wait, f"{first}\na = x\nb = y\n{last}", PROVED),
            (enter, f"{first}\na = x\nb = y\n{last}", PROVED),
            (enter, f"a = x\n{first}\nb = y\n{last}", REFUTED),
            (leave, f"{first}\na = x\n{last}\nb = y", REFUTED),
        ):
            lanes = f"thread t {{\n{steps}\n}}\n{writer}"
            found = text(lanes, "t[0].a == 0 && t[0].b == 1", "t u")
            yield Case(name, f"{steps} with {wait}", found, outcome(both(verdict)))
        reader = "srcu_read_lock(e)\na = x\nb = y\nsrcu_read_unlock(e)"
        lanes = f"thread t {{\n{reader}\n}}\n{writer}"
        other = text(lanes, "t[0].a == 0 && t[0].b == 1", "t u")
        yield Case(wait, "another domain", other, outcome(both(REFUTED)))
        yield drains(wait, call, does=True)
        sleeps = f"spin_lock(l)\n{call}\nspin_unlock(l)"
        yield Case(wait, "sleeps", single(sleeps, "1"), (("lock_misuse", both(REFUTED)),))
        yield refused(wait, f"{first}\n{call}\n{last}", "E503")
    for enter, (first, last) in SECTIONS.items():
        leave = enter.replace("lock", "unlock")
        yield drains(enter, f"{first}\nr = y\n{last}", does=False)
        yield drains(leave, f"{first}\n{last}", does=False)
        yield refused(enter, f"{first}", "E501")
        yield refused(leave, f"{last}", "E502")
        misuse = both(REFUTED) if enter == "rcu_read_lock" else (None, None)
        sleeps = single(f"{first}\nmutex_lock(m)\nmutex_unlock(m)\n{last}", "1")
        yield Case(enter, "sleeps inside", sleeps, (("lock_misuse", misuse),))
    cookie = "i = srcu_read_lock(d)\na = x\nb = y\nsrcu_read_unlock(d, i)"
    lanes = f"thread t {{\n{cookie}\n}}\nthread u {{\nx = 1\nsynchronize_srcu(d)\ny = 1\n}}"
    for name in ("srcu_read_lock", "srcu_read_unlock"):
        found = text(lanes, "t[0].a == 0 && t[0].b == 1", "t u")
        yield Case(name, "with a cookie", found, outcome(both(PROVED)))


# ---------------------------------------------------------------- freeing

FREES = {
    # The call, and whether a section of RCU, of the domain d, or none protects.
    "kfree": ("kfree(n)", ""),
    "free": ("free(n)", ""),
    "kfree_rcu": ("kfree_rcu(n)", "rcu_read_lock"),
    "call_rcu": ("call_rcu(n)", "rcu_read_lock"),
    "call_srcu": ("call_srcu(d, n)", "srcu_read_lock"),
}
NULL_IS_SAFE = ("kfree", "free", "kfree_rcu")


def frees() -> Iterator[Case]:
    """Who is protected from the free, and what null is."""
    for name, (call, protects) in FREES.items():
        for enter, (first, last) in SECTIONS.items():
            reader = f"thread t {{\n{first}\nv = p\nif (v != null)\nassert v.f == 1\n{last}\n}}"
            writer = f"thread u {{\nn = xchg(p, null)\nif (n != null) {call}\n}}"
            found = text(f"{reader}\n{writer}", "0", "t u")
            verdict = PROVED if enter == protects else REFUTED
            yield Case(name, f"a reader in {enter}", found, (("use_after_free", both(verdict)),))
        null = single(f"n = xchg(p, null)\nn = p\n{call}\ny = 1", "y == 1")
        if name in NULL_IS_SAFE:
            yield Case(
                name, "null", null, (("null_dereference", (None, None)), ("outcome", both(PROVED)))
            )
            after = single(f"n = xchg(p, null)\nn = p\n{call}\ny = 1", "y == 0")
            yield Case(name, "goes on after null", after, outcome(both(REFUTED)))
        else:
            yield Case(name, "null", null, (("null_dereference", both(REFUTED)),))
        yield drains(name, f"n = q\n{call}", does=False)
        yield refused(name, call.replace("n", "x"), "E301")


# ---------------------------------------------------------------- several steps


def sequences() -> Iterator[Case]:
    """What the counter is after each, what is read, and when a reader has to read again."""
    good = outcome(both(PROVED))
    for raw in ("", "raw_"):
        name = f"{raw}write_seqcount_begin"
        yield Case(name, "odd", single(f"{name}(x)", "x == 5", x=4), good)
        yield drains(name, f"{name}(z)", does=False)
        name = f"{raw}write_seqcount_end"
        yield Case(name, "even", single(f"{name}(x)", "x == 6", x=5), good)
        yield drains(name, f"{name}(z)", does=False)
    name = "write_seqcount_invalidate"
    yield Case(name, "two on", single(f"{name}(x)", "x == 6", x=4), good)
    yield drains(name, f"{name}(z)", does=False)
    name = "raw_write_seqcount_barrier"
    yield Case(name, "two on", single(f"{name}(x)", "x == 6", x=4), good)
    yield drains(name, f"{name}(z)", does=False)
    between = text(f"thread t {{\n{name}(x)\n}}\nthread u {{\nr = x\n}}", "u[0].r == 5", "t u", x=4)
    yield Case(name, "odd between", between, outcome(both(REFUTED)))
    name = "write_seqcount_invalidate"
    between = text(f"thread t {{\n{name}(x)\n}}\nthread u {{\nr = x\n}}", "u[0].r == 5", "t u", x=4)
    yield Case(name, "never odd", between, good)
    for name, even, odd in (
        ("read_seqcount_begin", 4, None),
        ("raw_read_seqcount", 4, 5),
        ("raw_seqcount_begin", 4, 4),
    ):
        yield Case(name, "even", single(f"r = {name}(x)", f"t[0].r == {even}", x=4), good)
        if odd is not None:
            yield Case(name, "odd", single(f"r = {name}(x)", f"t[0].r == {odd}", x=5), good)
        else:
            stands = single(f"r = {name}(x)\ny = 1 + r - r", "1", x=5)
            stands = stands.replace("never outcome: !(1) finally", "never outcome: y == 1 always")
            waits = (*outcome(both("vacuous")), ("deadlock", both(REFUTED)))
            yield Case(name, "odd", stands, waits)
        yield drains(name, f"{name}(z)", does=False)
    name = "read_seqcount_retry"
    for before, again in ((4, 0), (6, 1), (5, 1)):
        found = single(f"n = 4\nr = {name}(x, n)", f"t[0].r == {again}", x=before)
        yield Case(name, f"4 at {before}", found, good)
    found = buffering(f"x = 1\nn = 0\nf = {name}(z, n)\nr = y", seen="t[0].f == 0")
    yield Case(name, "waits for nothing", found, outcome((PROVED, REFUTED)))
    yield from _written_under()
    name = "rcu_replace_pointer"
    good_ = "t[0].o == 1 && p.f == 2"
    yield Case(name, "value", single(f"n = q\nr = {name}(p, n)\no = r.f", good_), good)
    yield drains(name, f"{name}(p, null)", does=False)
    moved = text(
        f"thread t {{\nr = {name}(p, q)\n}}\nthread u {{\np = null\nq = null\n}}",
        "t[0].r == null && p.f == 2",
        "t u",
    )
    # The value is evaluated after the pointer is read: who saw the new one sees the new value
    # only where it was read later. Read first it could be the old one beside the new pointer.
    reverse = text(
        f"thread t {{\nr = {name}(p, q)\n}}\nthread u {{\nq = null\np = null\n}}",
        "t[0].r == null && p.f == 2",
        "t u",
    )
    yield Case(name, "its value may be old", moved, outcome(both(REFUTED)))
    yield Case(name, "its value is read last", reverse, good)


def _written_under() -> Iterator[Case]:
    """Readers and a writer: who need not read again has seen one version."""
    for begin in ("read_seqcount_begin", "raw_read_seqcount", "raw_seqcount_begin"):
        reader = f"n = {begin}(z)\na = x\nb = y\nagain = read_seqcount_retry(z, n)"
        writer = "write_seqcount_begin(z)\nx = 1\ny = 1\nwrite_seqcount_end(z)"
        lanes = f"thread t {{\n{reader}\n}}\nthread u {{\n{writer}\n}}"
        bad = "t[0].again == 0 && t[0].a != t[0].b"
        torn = REFUTED if begin == "raw_read_seqcount" else PROVED
        # An odd number, kept, makes nobody read again.
        for name in (begin, "read_seqcount_retry", "write_seqcount_begin", "write_seqcount_end"):
            yield Case(name, f"one version, {begin}", text(lanes, bad, "t u"), outcome(both(torn)))
        raw = lanes.replace("write_seqcount", "raw_write_seqcount")
        for name in ("raw_write_seqcount_begin", "raw_write_seqcount_end"):
            yield Case(name, f"one version, {begin}", text(raw, bad, "t u"), outcome(both(torn)))
