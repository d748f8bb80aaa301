"""For each name that a protocol may call: small protocols that fail if it meant less or more.

Written by hand from the kernel's documents; nothing here looks at the table of names. A case
says of a protocol how `outcome` and the built-in properties come out under each model, or with
which code it is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

ENDINGS = ("", "_relaxed", "_acquire", "_release")
PROVED, REFUTED = "proved", "refuted"


@dataclass(frozen=True, slots=True)
class Case:
    """A protocol for a name. `verdicts`: of a property, under sc and tso; None: it has none.
    `refused`: the code of the error, if the protocol is to be one."""

    name: str
    what: str
    text: str
    verdicts: tuple[tuple[str, tuple[str | None, str | None]], ...] = ()
    refused: str = ""
    weak: bool = True


def both(verdict: str) -> tuple[str, str]:
    """The same under sc and tso."""
    return verdict, verdict


def only_sc(verdict: str) -> tuple[str, None]:
    """Where interrupts have a meaning."""
    return verdict, None


def outcome(
    verdicts: tuple[str | None, str | None],
) -> tuple[tuple[str, tuple[str | None, str | None]], ...]:
    return (("outcome", verdicts),)


# ---------------------------------------------------------------- shapes

STATE = """\
protocol name
struct s {{ f }}
object first: s = {{ f: 1 }}
object second: s = {{ f: 2 }}
shared x = {x}
shared y = 0
shared z = {z}
shared g: bits 2 = 3
shared p: s = first
shared q: s = second
word w {{ a, b }} = {{ a: 1, b: 2 }}
shared cache c {{ a, b }}
srcu d
srcu e
mutex m
spinlock l
rwlock k
"""


def text(lanes: str, bad: str, bounds: str, *, x: int = 0, z: int = 0, more: str = "") -> str:
    """A protocol with the state above, these lanes, and what must not be at the end."""
    bounded = ", ".join(f"{name} 1" for name in bounds.split())
    return (
        f"{STATE.format(x=x, z=z)}{more}{lanes}\nnever outcome: {bad} finally\nbounds {bounded}\n"
    )


def single(steps: str, good: str, *, x: int = 0, z: int = 0) -> str:
    """One lane; at the end something holds."""
    return text(f"thread t {{\n{steps}\n}}", f"!({good})", "t", x=x, z=z)


def buffering(steps: str, *, seen: str = "1", z: int = 0, more: str = "", names: str = "") -> str:
    """Store buffering: one lane runs the steps, which write x, do something and read y into r,
    the other has a full barrier. `seen` holds where the case is the one that is meant."""
    lanes = f"thread t {{\n{steps}\n}}\nthread u {{\ny = 1\nsmp_mb()\nr = x\n}}\n"
    return text(lanes + more, f"t[0].r == 0 && u[0].r == 0 && {seen}", f"t u {names}".strip(), z=z)


def drains(name: str, between: str, *, does: bool, what: str = "", **more: str | int) -> Case:
    """Whether a step between a write and a read waits for the store buffer."""
    protocol = buffering(f"x = 1\n{between}\nr = y", **more)  # type: ignore[arg-type]
    verdicts = both(PROVED) if does else (PROVED, REFUTED)
    return Case(name, what or "between a write and a read", protocol, outcome(verdicts))


def refused(name: str, steps: str, code: str) -> Case:
    """What the name is not for."""
    return Case(name, f"refused: {steps}", single(steps, "1"), refused=code)


# ---------------------------------------------------------------- reads, writes

NUMBERS = {"READ_ONCE": "WRITE_ONCE", "smp_load_acquire": "smp_store_release"} | {
    "atomic_read": "atomic_set",
    "atomic_read_acquire": "atomic_set_release",
    "refcount_read": "refcount_set",
}
READ_POINTERS = ("rcu_dereference", "rcu_dereference_protected", "rcu_access_pointer")
WRITE_POINTERS = ("rcu_assign_pointer", "RCU_INIT_POINTER")


def accesses() -> Iterator[Case]:
    """Reads that order nothing and writes that wait in the buffer."""
    for read, write in NUMBERS.items():
        yield Case(
            read,
            "value",
            single(f"r = {read}(x)", "t[0].r == 5 && x == 5", x=5),
            outcome(both(PROVED)),
        )
        yield drains(read, f"{read}(z)", does=False)
        yield Case(write, "effect", single(f"{write}(x, 7)", "x == 7", x=5), outcome(both(PROVED)))
        yield refused(write, f"r = {write}(x, 7)\nassert r == 0", "E312")
        yield Case(
            write, "its own write", buffering(f"{write}(x, 1)\nr = y"), outcome((PROVED, REFUTED))
        )
    for name in READ_POINTERS:
        steps = f"r = {name}(p)\nn = r.f"
        yield Case(name, "value", single(steps, "t[0].n == 1 && p.f == 1"), outcome(both(PROVED)))
        yield drains(name, f"{name}(p)", does=False)
        yield refused(name, f"{name}(x)", "E301")
    for name in WRITE_POINTERS:
        steps = f"n = q\n{name}(p, n)"
        yield Case(name, "effect", single(steps, "p.f == 2"), outcome(both(PROVED)))
        published = f"thread t {{\nn = q\n{name}(p, n)\nr = y\n}}\n"
        published += "thread u {\ny = 1\nsmp_mb()\no = p\nr = o.f\n}\n"
        bad = "t[0].r == 0 && u[0].r == 1"
        yield Case(name, "its own write", text(published, bad, "t u"), outcome((PROVED, REFUTED)))
        yield refused(name, f"{name}(x, 1)", "E301")
    for name in (*NUMBERS, *NUMBERS.values()):
        call = f"{name}(p, null)" if name in NUMBERS.values() else f"{name}(p)"
        good = "p == null" if name in NUMBERS.values() else "p.f == 1"
        yield Case(name, "a pointer too", single(call, good), outcome(both(PROVED)))


# ---------------------------------------------------------------- read-modify-writes

CALLS: dict[str, tuple[tuple[str, int, int | None, int], ...]] = {
    # The call of it, what is there before, the value (None: none), what is there after.
    "xchg": (("{}(x, 7)", 5, 5, 7),),
    "cmpxchg": (("{}(x, 5, 7)", 5, 5, 7), ("{}(x, 4, 7)", 5, 5, 5)),
    "try_cmpxchg": (("{}(x, 5, 7)", 5, 1, 7), ("{}(x, 4, 7)", 5, 0, 5)),
    "atomic_inc_return": (("{}(x)", 5, 6, 6),),
    "atomic_dec_return": (("{}(x)", 5, 4, 4),),
    "atomic_add_return": (("{}(2, x)", 5, 7, 7),),
    "atomic_sub_return": (("{}(2, x)", 5, 3, 3),),
    "atomic_fetch_inc": (("{}(x)", 5, 5, 6),),
    "atomic_fetch_dec": (("{}(x)", 5, 5, 4),),
    "atomic_fetch_add": (("{}(2, x)", 5, 5, 7),),
    "atomic_fetch_sub": (("{}(2, x)", 5, 5, 3),),
}
CALLS |= {f"atomic_{name}": CALLS[name] for name in ("xchg", "cmpxchg", "try_cmpxchg")}
ORDERED = {f"{name}{ending}": calls for name, calls in CALLS.items() for ending in ENDINGS}
NOT_ZERO = (("{}(x)", 5, 1, 6), ("{}(x)", 0, 0, 0))
AND_TEST = (("{}(x)", 5, 0, 4), ("{}(x)", 1, 1, 0))
MODIFYING = ORDERED | {
    "atomic_inc": (("{}(x)", 5, None, 6),),
    "atomic_dec": (("{}(x)", 5, None, 4),),
    "atomic_add": (("{}(2, x)", 5, None, 7),),
    "atomic_sub": (("{}(2, x)", 5, None, 3),),
    "refcount_inc": (("{}(x)", 5, None, 6),),
    "kref_get": (("{}(x)", 5, None, 6),),
    "atomic_inc_not_zero": NOT_ZERO,
    "refcount_inc_not_zero": NOT_ZERO,
    "kref_get_unless_zero": NOT_ZERO,
    "atomic_dec_and_test": AND_TEST,
    "refcount_dec_and_test": AND_TEST,
}
EXCHANGES = ("xchg", "cmpxchg", "try_cmpxchg")


def exchanges(name: str) -> bool:
    return any(name.removeprefix("atomic_").startswith(one) for one in EXCHANGES)


def modifications() -> Iterator[Case]:
    """One instant, the right value, and a locked instruction."""
    for name, calls in MODIFYING.items():
        for call, before, value, after in calls:
            made = call.format(name)
            if value is None:
                good, steps = f"x == {after}", made
                yield refused(name, f"r = {made}\nassert r == 0", "E312")
            else:
                good, steps = f"t[0].r == {value} && x == {after}", f"r = {made}"
            what = f"{made} at {before}"
            yield Case(name, what, single(steps, good, x=before), outcome(both(PROVED)))
            # Where it looks first and finds nothing to do there is no locked instruction.
            idle = calls is NOT_ZERO and not value
            other = _at("z", made)
            yield drains(name, other, does=not idle, what=f"{what}: waits", z=before)
        call, before, _, after = calls[0]
        twice = text(
            f"thread t {{\n{call.format(name)}\n}}", _wrong(name, before, after), "t", x=before
        )
        yield Case(
            name, "two at once", twice.replace("bounds t 1", "bounds t 2"), outcome(both(PROVED))
        )
        if exchanges(name):
            yield from _exchanged(name)
        else:
            narrow = _at("g", call.format(name))
            if calls is not NOT_ZERO:
                made, left = call.format(name), after - before
                yield Case(name, "at 0", single(made, f"x == {left}"), outcome(both(PROVED)))
            left = (3 + after - before) % 4
            yield Case(name, "width", single(narrow, f"g == {left}"), outcome(both(PROVED)))
            yield refused(name, _at("p", call.format(name)), "E301")


def _at(place: str, call: str) -> str:
    """The call on another place than x."""
    return re.sub(r"\bx\b", place, call)


def _wrong(name: str, before: int, after: int) -> str:
    """What two of them at once never leave behind."""
    return f"x != {after}" if exchanges(name) else f"x != {2 * after - before}"


def _exchanged(name: str) -> Iterator[Case]:
    """Pointers and entries too; what is compared and stored is cut to the width."""
    word = {"xchg": "{ a: 3, b: 4 }", "": "o, { a: 3, b: 4 }"}
    compares = "cmpxchg" in name
    entry = word["" if compares else "xchg"]
    steps = f"o = w\n{name}(w, {entry})\nn = w" if compares else f"{name}(w, {entry})\nn = w"
    good = "t[0].n.a == 3 && t[0].n.b == 4"
    yield Case(name, "entries", single(steps, good), outcome(both(PROVED)))
    pointers = "first, null" if compares else "null"
    steps = (
        f"o = p\n{name}(p, {pointers.replace('first', 'o')})" if compares else f"{name}(p, null)"
    )
    yield Case(name, "pointers", single(steps, "p == null"), outcome(both(PROVED)))
    seven = "n = 7 - x\n"
    operands = "n, n - 1" if compares else "n - 1"
    cut = single(f"{seven}{name}(g, {operands})", "g == 2")
    yield Case(name, "width", cut, outcome(both(PROVED)))


def doubles() -> Iterator[Case]:
    """Whole entries, compared and exchanged at one instant."""
    name = "cmpxchg_double"
    good = "t[0].r == 1 && t[0].n.a == 3 && t[0].n.b == 4"
    found = f"o = w\nr = {name}(w, o, {{ a: 3, b: 4 }})\nn = w"
    yield Case(name, "finds it", single(found, good), outcome(both(PROVED)))
    good = "t[0].r == 0 && t[0].n.a == 1 && t[0].n.b == 2"
    other = f"r = {name}(w, {{ a: 1, b: 3 }}, {{ a: 3, b: 4 }})\nn = w"
    yield Case(name, "finds another", single(other, good), outcome(both(PROVED)))
    yield drains(name, f"{name}(w, {{ a: 1, b: 2 }}, {{ a: 3, b: 4 }})", does=True)
    fails = f"{name}(w, {{ a: 1, b: 3 }}, {{ a: 3, b: 4 }})"
    yield drains(name, fails, does=True, what="waits where it fails")
    yield refused(name, f"{name}(x, 0, 1)", "E301")


# ---------------------------------------------------------------- barriers


def barriers() -> Iterator[Case]:
    """A full barrier waits; the others do nothing on x86."""
    yield drains("smp_mb", "smp_mb()", does=True)
    yield drains("smp_wmb", "smp_wmb()", does=False)
    yield drains("smp_rmb", "smp_rmb()", does=False)
    after, before = "smp_mb__after_atomic", "smp_mb__before_atomic"
    yield Case(
        after,
        "after a store",
        buffering(f"atomic_inc(z)\natomic_set(x, 1)\n{after}()\nr = y"),
        outcome((PROVED, REFUTED)),
    )
    yield Case(
        before,
        "before a read",
        buffering(f"x = 1\n{before}()\nr = y\natomic_inc(z)"),
        outcome((PROVED, REFUTED)),
    )
    yield Case(
        after,
        "after an atomic",
        buffering(f"atomic_inc(x)\n{after}()\nr = y"),
        outcome(both(PROVED)),
    )
    yield drains(before, f"{before}()\natomic_inc(z)", does=True, what="before an atomic")
    yield refused(after, f"x = 1\n{after}()\natomic_inc(z)", "E517")
    yield refused(before, f"atomic_inc(z)\n{before}()\nx = 1", "E517")
    yield Case(
        "smp_store_mb", "effect", single("smp_store_mb(x, 3)", "x == 3"), outcome(both(PROVED))
    )
    yield Case(
        "smp_store_mb", "waits", buffering("smp_store_mb(x, 1)\nr = y"), outcome(both(PROVED))
    )
    yield drains("smp_store_mb", "smp_store_mb(z, 1)", does=True)


# ---------------------------------------------------------------- locks

LOCKS = {
    # How it is taken, tried and released, on which lock, what holding it keeps out.
    "mutex": ("mutex_lock", "mutex_trylock", "mutex_unlock", "m"),
    "spin": ("spin_lock", "spin_trylock", "spin_unlock", "l"),
    "read": ("read_lock", "read_trylock", "read_unlock", "k"),
    "write": ("write_lock", "write_trylock", "write_unlock", "k"),
}
DRAINING_UNLOCKS = ("mutex_unlock", "read_unlock")


def locks() -> Iterator[Case]:
    """Who is kept out, what waits for the buffer, and where it must not stand."""
    for side, (lock, try_, unlock, on) in LOCKS.items():
        apart = PROVED if side != "read" else REFUTED
        held = f"{lock}({on})\ny = y + 1\ny = y - 1\n{unlock}({on})"
        tried = f"if ({try_}({on})) {{\ny = y + 1\ny = y - 1\n{unlock}({on})\n}}"
        for name, steps in ((lock, held), (unlock, held), (try_, tried)):
            inside = text(f"thread t {{\n{steps}\n}}", "0", "t").replace("t 1", "t 2")
            inside = inside.replace("never outcome: 0 finally", "never outcome: y == 2 always")
            yield Case(name, "two inside", inside, outcome(both(apart)))
        writer = "thread u {\nwrite_lock(k)\nx = 1\nx = 0\nwrite_unlock(k)\n}"
        if on == "k":
            for name, steps in ((lock, held), (try_, tried)):
                seen = steps.replace("y = y + 1\ny = y - 1", "r = x")
                seen = seen if name == lock else f"r = 0\n{seen}"
                excluded = text(f"thread t {{\n{seen}\n}}\n{writer}", "t[0].r == 1", "t u")
                yield Case(name, "a writer beside", excluded, outcome(both(PROVED)))
        yield drains(lock, f"{lock}({on})\nr = y\n{unlock}({on})", does=True)
        yield drains(try_, f"if ({try_}({on})) {{\nr = y\n{unlock}({on})\n}}", does=True)
        after = buffering(f"{lock}({on})\nx = 1\n{unlock}({on})\nr = y")
        done = unlock in DRAINING_UNLOCKS
        yield Case(unlock, "waits", after, outcome(both(PROVED) if done else (PROVED, REFUTED)))
        yield from _failing(side)
        yield from _misused(side)
        for other in "dmlk".replace(on, ""):
            for name in (lock, unlock):
                yield refused(name, f"{lock}({other})\n{unlock}({other})", "E303")
            yield refused(try_, f"if ({try_}({other})) {{\n{unlock}({other})\n}}", "E303")


def _failing(side: str) -> Iterator[Case]:
    """A try that fails: another holds the lock, and nothing waits for the buffer."""
    _, try_, unlock, on = LOCKS[side]
    hold, drop = ("write_lock", "write_unlock") if on == "k" else (LOCKS[side][0], unlock)
    lanes = f"thread v {{\n{hold}({on})\nz = 1\n{drop}({on})\n}}\n"
    steps = f"f = 0\nx = 1\nif ({try_}({on})) {{\nf = 1\n{unlock}({on})\n}}\nr = y"
    failed = buffering(steps, seen="t[0].f == 0", more=lanes, names="v")
    yield Case(try_, "fails", failed, outcome((PROVED, REFUTED)))
    alone = single(f"f = 0\nif ({try_}({on})) {{\nf = 1\n{unlock}({on})\n}}", "t[0].f == 1")
    yield Case(try_, "alone", alone, outcome(both(PROVED)))
    if on == "k":
        readers = "thread t {\nread_lock(k)\nx = 1\nx = 0\nread_unlock(k)\n}\n"
        tried = f"f = 2\nif (x == 1) {{\nif ({try_}(k)) {{\nf = x\n{unlock}(k)\n}}\n}}"
        beside = text(f"{readers}thread u {{\n{tried}\n}}", "u[0].f == 1", "t u")
        yield Case(
            try_, "a reader beside", beside, outcome(both(REFUTED if side == "read" else PROVED))
        )


def _misused(side: str) -> Iterator[Case]:
    """Sleeping with a spinlock held, and mutexes in interrupts."""
    lock, try_, unlock, on = LOCKS[side]
    other = ("mutex_lock(m)", "mutex_unlock(m)")
    nested = f"{lock}({on})\n{other[0]}\n{other[1]}\n{unlock}({on})"
    if on != "m":
        yield Case(lock, "sleeps inside", single(nested, "1"), (("lock_misuse", both(REFUTED)),))
        within = f"if ({try_}({on})) {{\n{other[0]}\n{other[1]}\n{unlock}({on})\n}}"
        yield Case(try_, "sleeps inside", single(within, "1"), (("lock_misuse", both(REFUTED)),))
    else:
        under = f"spin_lock(l)\n{lock}(m)\n{unlock}(m)\nspin_unlock(l)"
        yield Case(lock, "under a spinlock", single(under, "1"), (("lock_misuse", both(REFUTED)),))
        under = f"spin_lock(l)\nif ({try_}(m)) {{\n{unlock}(m)\n}}\nspin_unlock(l)"
        yield Case(try_, "under a spinlock", single(under, "1"), (("lock_misuse", (None, None)),))
    for name, steps in (
        (lock, f"{lock}({on})\n{unlock}({on})"),
        (try_, f"if ({try_}({on})) {{\n{unlock}({on})\n}}"),
    ):
        lanes = f"thread t {{\ny = 1\n}}\nthread i on t {{\n{steps}\n}}"
        found = REFUTED if on == "m" else None
        yield Case(
            name,
            "in an interrupt",
            text(lanes, "0", "t i"),
            (("lock_misuse", (found, None)),),
            weak=False,
        )


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
            yield Case(name, "odd", stands, outcome(both("vacuous")))
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


# ---------------------------------------------------------------- the tool's own


def own() -> Iterator[Case]:
    """Names that the kernel does not have."""
    yield Case(
        "zap",
        "empties",
        single("c = { a: 1, b: 2 }\nzap(c)\no = c\nr = filled(o)", "t[0].r == 0"),
        outcome(both(PROVED)),
    )
    yield drains("zap", "zap(c)", does=False)
    yield Case(
        "filled",
        "full",
        single("c = { a: 1, b: 2 }\no = c\nr = filled(o)", "t[0].r == 1"),
        outcome(both(PROVED)),
    )
    yield Case(
        "filled", "empty", single("o = c\nr = filled(o)", "t[0].r == 0"), outcome(both(PROVED))
    )
    lanes = "update v {\nx = 1\nx = 2\n}\nthread t {\nn = settled(x)\nassert n != 1\n}"
    found = text(lanes, "0", "t updates")
    yield Case("settled", "between updates", found, (("assert_1", both(PROVED)),))
    lanes = lanes.replace("n != 1", "n == 0")
    found = text(lanes, "0", "t updates")
    yield Case("settled", "after an update", found, (("assert_1", both(REFUTED)),))


def cases() -> Iterator[Case]:
    """All of them."""
    for part in (
        accesses,
        modifications,
        doubles,
        barriers,
        locks,
        sections,
        frees,
        sequences,
        own,
    ):
        yield from part()
