"""For each name that a protocol may call: small protocols that fail if it meant less or more.

Written by hand from the kernel's documents; nothing here looks at the table of names.
"""

import re
from collections.abc import Iterator

from tests.support.name_interrupts import interrupts
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
from tests.support.name_waiting import frees, locks, queues, sections, sequences

ENDINGS = ("", "_relaxed", "_acquire", "_release")


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


AWAITING = [
    f"{name}_{mark}"
    for name in ("smp_cond_load", "atomic_cond_read")
    for mark in ("acquire", "relaxed")
]


def waits() -> Iterator[Case]:
    """Reads that happen only where the value is as it should be."""
    for name in AWAITING:
        good = outcome(both(PROVED))
        found = single(f"r = {name}(x, VAL > 4)", "t[0].r == 5 && x == 5", x=5)
        yield Case(name, "value", found, good)
        lanes = f"thread t {{\nx = 1\nx = 2\n}}\nthread u {{\nr = {name}(x, VAL == 1)\n}}"
        yield Case(name, "only that", text(lanes, "u[0].r != 1", "t u"), good)
        odd = f"thread t {{\n{name}(x, VAL == 1)\n}}"
        yield Case(name, "never", text(odd, "0", "t"), (("deadlock", both(REFUTED)),))
        yield drains(name, f"{name}(z, VAL == 0)", does=False)
        yield refused(name, f"{name}(x, y == 1)", "E517")


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
NOT_ZERO = (("{}(x)", 5, 1, 6), ("{}(x)", 0, 0, 0), ("{}(x)", -2, 1, -1))
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
UNLESS = (("{}(x, 2, 4)", 5, 1, 7), ("{}(x, 2, 4)", 4, 0, 4), ("{}(x, 2, 4)", 0, 1, 2))
FETCH_UNLESS = (("{}(x, 2, 4)", 5, 5, 7), ("{}(x, 2, 4)", 4, 4, 4))
POSITIVE = (("{}(x)", 5, 4, 4), ("{}(x)", 1, 0, 0), ("{}(x)", 0, -1, 0), ("{}(x)", -2, -3, -2))
LOOKING = {
    "atomic_add_unless": UNLESS,
    "atomic_fetch_add_unless": FETCH_UNLESS,
    "atomic_dec_if_positive": POSITIVE,
}
"""They look first; what is there before, the value, and what is there after."""
MASKS = {"or": 7, "and": 4, "xor": 3, "andnot": 1}
"""What is left of 5 with the operand 6."""
ONES = {"set": (7, 5), "clear": (5, 4), "change": (7, 4)}
"""What is left of 5 where the bit 1 is meant, and the bit 0."""
EXCHANGES = ("xchg", "cmpxchg", "try_cmpxchg")


def exchanges(name: str) -> bool:
    """Whether a name is an exchange, with a comparison or without."""
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


def looking() -> Iterator[Case]:
    """Additions that look first whether there is anything to do."""
    for name, calls in LOOKING.items():
        for call, before, value, after in calls:
            made = call.format(name)
            good = f"t[0].r == {value} && x == {after}"
            what = f"{made} at {before}"
            yield Case(name, what, single(f"r = {made}", good, x=before), outcome(both(PROVED)))
            does = before != after
            yield drains(name, _at("z", made), does=does, what=f"{what}: waits", z=before)
        lanes = f"thread t {{\n{calls[0][0].format(name)}\n}}"
        left = 2 * calls[0][3] - calls[0][1]
        twice = text(lanes, f"x != {left}", "t", x=5).replace("bounds t 1", "bounds t 2")
        yield Case(name, "two at once", twice, outcome(both(PROVED)))
        yield refused(name, _at("p", calls[0][0].format(name)), "E301")


def masks() -> Iterator[Case]:
    """Operators on bits, in one instant."""
    for operator, after in MASKS.items():
        for name, value in ((f"atomic_{operator}", ""), (f"atomic_fetch_{operator}", "r = ")):
            good = f"h == {after}" + (" && t[0].r == 5" if value else "")
            found = single(f"{value}{name}(6, h)", good)
            yield Case(name, "effect", found, outcome(both(PROVED)))
            turned = single(f"n = x\n{name}(n + 22, h)", f"h == {after}")
            yield Case(name, "width", turned, outcome(both(PROVED)))
            lanes = f"thread t {{\n{name}(6, h)\n}}\nthread u {{\natomic_add(2, h)\n}}"
            wrong = f"h != {(after + 2) % 16} && h != {_masked(operator, 7, 6)}"
            yield Case(name, "at once", text(lanes, wrong, "t u"), outcome(both(PROVED)))
            yield drains(name, f"{name}(6, h)", does=True)
            yield refused(name, f"{name}(6, x)", "E301")
            yield refused(name, f"{name}(6, p)", "E301")
            if not value:
                yield refused(name, f"r = {name}(6, h)\nassert r == 0", "E312")
    turned = single("atomic_and(~6, h)", "h == 1")
    yield Case("atomic_and", "without bits", turned, outcome(both(PROVED)))


def _masked(operator: str, value: int, mask: int) -> int:
    ways = {"or": value | mask, "and": value & mask, "xor": value ^ mask, "andnot": value & ~mask}
    return ways[operator] % 16


def bits() -> Iterator[Case]:
    """Single bits: of 5 the bits 0 and 2 are set."""
    for verb, (one, zero) in ONES.items():
        names = [f"{verb}_bit", f"test_and_{verb}_bit"]
        names += {"set": ["test_and_set_bit_lock"], "clear": ["clear_bit_unlock"]}.get(verb, [])
        for name in names:
            value = "r = " if name.startswith("test") else ""
            for number, after, old in ((1, one, 0), (0, zero, 1)):
                good = f"h == {after}" + (f" && t[0].r == {old}" if value else "")
                found = single(f"{value}{name}({number}, &h)", good)
                yield Case(name, f"bit {number}", found, outcome(both(PROVED)))
            lanes = f"thread t {{\n{name}(1, &h)\n}}\nthread u {{\natomic_xor(12, h)\n}}"
            yield Case(
                name, "at once", text(lanes, f"h != {one ^ 12}", "t u"), outcome(both(PROVED))
            )
            yield drains(name, f"{name}(1, h)", does=True)
            yield refused(name, f"{name}(4, &h)", "E321")
            yield refused(name, f"{name}(1, x)", "E301")
            if not value:
                yield refused(name, f"r = {name}(1, h)\nassert r == 0", "E312")
    for name in ("test_bit", "test_bit_acquire"):
        for number, value in ((0, 1), (1, 0), (2, 1), (3, 0)):
            found = single(f"r = {name}({number}, &h)", f"t[0].r == {value} && h == 5")
            yield Case(name, f"bit {number}", found, outcome(both(PROVED)))
        yield drains(name, f"{name}(0, h)", does=False)
        yield refused(name, f"{name}(4, h)", "E321")
        yield refused(name, f"{name}(1, x)", "E301")


def _at(place: str, call: str) -> str:
    """The call on another place than x."""
    return re.sub(r"\bx\b", place, call)


def _wrong(name: str, before: int, after: int) -> str:
    """What two of them at once never leave behind."""
    return f"x != {after}" if exchanges(name) else f"x != {2 * after - before}"


def _exchanged(name: str) -> Iterator[Case]:
    """Pointers and entries too; what is compared and stored is cut to the width. What a try
    compares with is left alone, so nothing may look as if it were changed."""
    if "try" in name:
        left = f"o = 4\nr = {name}(&x, o, 7)"
        good = "t[0].o == 4 && t[0].r == 0 && x == 5"
        yield Case(name, "what it compares with", single(left, good, x=5), outcome(both(PROVED)))
        yield refused(name, f"o = 4\nr = {name}(&x, &o, 7)\nx = r", "E312")
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
    yield refused(after, f"x = 1\n{after}()\natomic_inc(z)", "E518")
    yield refused(before, f"atomic_inc(z)\n{before}()\nx = 1", "E518")
    yield Case(
        "smp_store_mb", "effect", single("smp_store_mb(x, 3)", "x == 3"), outcome(both(PROVED))
    )
    yield Case(
        "smp_store_mb", "waits", buffering("smp_store_mb(x, 1)\nr = y"), outcome(both(PROVED))
    )
    yield drains("smp_store_mb", "smp_store_mb(z, 1)", does=True)


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
        waits,
        modifications,
        looking,
        masks,
        bits,
        doubles,
        barriers,
        locks,
        interrupts,
        queues,
        sections,
        frees,
        sequences,
        own,
    ):
        yield from part()
