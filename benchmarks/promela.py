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


class Private(Enum):
    """Whether each access to a version that is not yet published is a transition of its own,
    or they are all one: nobody else can tell, but SPIN does not know."""

    STEPWISE = "as in the protocol"
    MERGED = "private steps merged by hand"


@dataclass(frozen=True, slots=True)
class Model:
    """What is to be written: a variant at some bounds, with one property."""

    variant: Variant
    updates: int
    faults: int
    judged: Judged = Judged.SETTLED
    private: Private = Private.STEPWISE


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


def _update(model: Model) -> list[str]:
    always = model.judged is Judged.ALWAYS
    steps = ["old = slots;", *_private(model), *_publish(always)]
    if model.variant.grace_period:
        steps += ["awaited = open;", "awaited == 0;"]
    if model.variant.after:
        judged = "; assert(ALL_FRESH)" if always else ""
        steps += [
            "value = generation[number];",
            f"d_step {{ generation[number] = value + 1; value = 0{judged} }};",
        ]
    judged = "" if always else "; assert(ALL_FRESH)"
    return [
        "active proctype update() {",
        "  byte number, old, value;",
        "end:",
        "  do",
        "  :: d_step { number < UPDATES -> number++; updating = true };",
        *(f"     {step}" for step in steps),
        f"     d_step {{ updating = false{judged} }}",
        "  od",
        "}",
    ]


def _private(model: Model) -> list[str]:
    """From the copy to before the publication.

    `fresh` is local, as only this lane draws. `old` is last used here.
    """
    steps = [
        "value = slot[old];",
        "d_step { slot[number] = value; value = 0 };",
        "value = generation[old];",
        "d_step { generation[number] = value; value = 0 };",
        "value = number;",
        "d_step { slot[number] = value; value = 0 };",
    ]
    if model.variant.before:
        steps += [
            "d_step { value = generation[old]; old = 0 };",
            "d_step { generation[number] = value + 1; value = 0 };",
        ]
    match model.private:
        case Private.STEPWISE:
            return steps
        case Private.MERGED:
            plain = [step.removeprefix("d_step { ").replace(" };", ";") for step in steps]
            return ["d_step {", *(f"  {step}" for step in plain), "};"]


def _publish(always: bool) -> list[str]:
    return [f"d_step {{ slots = number; old = 0{'; assert(ALL_FRESH)' if always else ''} }};"]


def _fault(model: Model) -> list[str]:
    always = model.judged is Judged.ALWAYS
    judged = "assert(FRESH(me))" if always else "assert(updating || FRESH(me))"
    write = f"cached_slot[me] = s + 1; cached_generation[me] = g; s = 0; g = 0; {judged}"
    leave = "open = open & ~(1 << me); awaited = awaited & ~(1 << me)"
    if model.variant.single_dereference:
        reads = ["s = slot[version];"]
    else:
        reads = ["d_step { s = slot[version]; version = 0 };", "version = slots;"]
    if model.variant.low_bit_test:
        rest = [
            "if",
            f":: d_step {{ g % 2 == 0 -> {write} }}; d_step {{ {leave} }}",
            f":: d_step {{ g % 2 == 1 -> s = 0; g = 0; {leave} }}",
            "fi;",
        ]
    else:
        rest = [f"d_step {{ {write} }};", f"d_step {{ {leave} }};"]
    steps = [
        "open = open | (1 << me);",
        "version = slots;",
        *reads,
        "d_step { g = generation[version]; version = 0 };",
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
