"""A Promela model of the memslot generation protocols, at given bounds.

Takes which variant of the protocol, how many updates and faults, and when the property is
judged; gives the text for SPIN. It is written by hand for these protocols, as a user of SPIN
would write it, and is not derived from the `.dsl` files: SPIN is a peer and a second opinion.
It follows docs/semantics.md: every access to shared memory, every section mark, the begin and
the end of a grace period, and the begin and the return of an update is one transition of
SPIN; what is local happens with the event before it. The tests compare the lengths of
shortest errors.

The property costs SPIN as little as can be: it is judged inside the transitions that can make
it false, with no monitor process.
"""

from dataclasses import dataclass
from enum import Enum

MOST = 100
"""Updates that a byte has room for, two generations each."""


@dataclass(frozen=True, slots=True)
class Variant:
    """What tells the protocols apart: increments of the generation, the grace period, the
    low-bit test, and whether slot and generation are read through one dereference."""

    before: bool
    after: bool
    grace_period: bool
    low_bit_test: bool
    single_dereference: bool = False


VARIANTS = {
    "original": Variant(True, False, True, False),
    "xiao": Variant(False, True, True, False),
    "paolo": Variant(True, True, True, True),
    "paolo-no-low-bit-test": Variant(True, True, True, False),
    "paolo-no-grace-period": Variant(True, True, False, True),
    "single-dereference": Variant(True, False, True, False, True),
}
"""By the name of the file in protocols/."""


class Judged(Enum):
    """When no entry may be stale: the two properties of the protocols, by their names."""

    SETTLED = "stale_after_return"
    ALWAYS = "stale_at_any_time"


class Style(Enum):
    """How much its author does by hand to keep the states few."""

    PLAIN = "as first written"
    """Locals keep their values for ever."""

    CLEARED = "locals cleared"
    """A local is set to 0 in the transition that uses it last: SPIN's own analysis of dead
    variables leaves most of them, and they multiply the states."""

    MERGED = "locals cleared, private steps merged"
    """Also, all accesses to a version that is not yet published are one transition: nobody
    else can tell, but SPIN cannot know. Coarser than the protocol's steps."""


@dataclass(frozen=True, slots=True)
class Model:
    """What is to be written: a variant at some bounds, with one property."""

    variant: Variant
    updates: int
    faults: int
    judged: Judged = Judged.SETTLED
    style: Style = Style.CLEARED


def promela(model: Model) -> str:
    """The model's text. Bounds must be at least 1, updates at most `MOST`, faults at most 31."""
    assert 1 <= model.updates <= MOST
    assert 1 <= model.faults <= 31
    return "\n".join([*_memory(model), "", *_update(model), "", *_fault(model), ""])


def _memory(model: Model) -> list[str]:
    mask = "byte" if model.faults <= 8 else "short" if model.faults <= 15 else "int"
    return [
        f"#define UPDATES {model.updates}",
        f"#define FAULTS {model.faults}",
        "",
        "byte slot[UPDATES + 1];        /* of each version; tokens count from 0 */",
        "byte generation[UPDATES + 1];",
        "byte slots;                    /* the published version */",
        f"{mask} open;                   /* faults inside their read section */",
        f"{mask} awaited;                /* those that the grace period waits for */",
        "bool updating;",
        "byte cached_slot[FAULTS];      /* 0: empty; else the token and 1 */",
        "byte cached_generation[FAULTS];",
        "",
        "#define FRESH(f) (cached_slot[f] == 0 || cached_slot[f] == slot[slots] + 1 \\",
        "                  || cached_generation[f] != generation[slots])",
        "#define ALL_FRESH (" + " && ".join(f"FRESH({f})" for f in range(model.faults)) + ")",
    ]


def _step(model: Model, action: str, *dead: str, judged: str = "") -> str:
    """One transition: an access, the locals that are dead after it, a judgement."""
    clear = () if model.style is Style.PLAIN else tuple(f"{name} = 0" for name in dead)
    parts = [action, *clear, *([judged] if judged else [])]
    return parts[0] + ";" if len(parts) == 1 else f"d_step {{ {'; '.join(parts)} }};"


def _update(model: Model) -> list[str]:
    anywhere = "assert(ALL_FRESH)" if model.judged is Judged.ALWAYS else ""
    after_return = "" if anywhere else "assert(ALL_FRESH)"
    steps = [
        "old = slots;",
        *_private(model),
        _step(model, "slots = number", "old", judged=anywhere),
    ]
    if model.variant.grace_period:
        steps += ["awaited = open;", "awaited == 0;"]
    if model.variant.after:
        steps += [
            "value = generation[number];",
            _step(model, "generation[number] = value + 1", "value", judged=anywhere),
        ]
    return [
        "active proctype update() {",
        "  byte number, old, value;",
        "end:",
        "  do",
        "  :: d_step { number < UPDATES -> number++; updating = true };",
        *(f"     {step}" for step in steps),
        f"     {_step(model, 'updating = false', judged=after_return)}",
        "  od",
        "}",
    ]


def _private(model: Model) -> list[str]:
    """From the copy to before the publication; `fresh` is local, as only this lane draws."""
    accesses = [
        ("value = slot[old]",),
        ("slot[number] = value", "value"),
        ("value = generation[old]",),
        ("generation[number] = value", "value"),
        ("value = number",),
        ("slot[number] = value", "value"),
    ]
    if model.variant.before:
        accesses += [("value = generation[old]",), ("generation[number] = value + 1", "value")]
    if model.style is Style.MERGED:
        return ["d_step {", *(f"  {action};" for action, *_ in accesses), "  value = 0", "};"]
    return [_step(model, *access) for access in accesses]


def _fault(model: Model) -> list[str]:
    fresh = "FRESH(me)" if model.judged is Judged.ALWAYS else "updating || FRESH(me)"
    entry = "cached_slot[me] = s + 1; cached_generation[me] = g"
    leave = "open = open & ~(1 << me); awaited = awaited & ~(1 << me)"
    if model.variant.single_dereference:
        reads = ["s = slot[version];"]
    else:
        reads = [_step(model, "s = slot[version]", "version"), "version = slots;"]
    if model.variant.low_bit_test:
        write = _step(model, f"g % 2 == 0 -> {entry}", "s", "g", judged=f"assert({fresh})")
        skip = f"d_step {{ g % 2 == 1 -> {leave} }};"
        if model.style is not Style.PLAIN:
            skip = f"d_step {{ g % 2 == 1 -> s = 0; g = 0; {leave} }};"
        rest = ["if", f":: {write} d_step {{ {leave} }};", f":: {skip}", "fi;"]
    else:
        write = _step(model, entry, "s", "g", judged=f"assert({fresh})")
        rest = [write, f"d_step {{ {leave} }};"]
    steps = [
        "open = open | (1 << me);",
        "version = slots;",
        *reads,
        _step(model, "g = generation[version]", "version"),
        *rest,
    ]
    return [
        "#define me (_pid - 1)",
        "",
        "active [FAULTS] proctype fault() {",
        "  byte version, s, g;",
        *(f"  {step}" for step in steps),
        "end:",
        "  false",
        "}",
    ]
