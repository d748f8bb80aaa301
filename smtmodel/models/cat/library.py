"""What a model's file may use without defining it: base relations, event sets, functions.

Event sets are named as herd7 names them for each language of litmus tests; those of one that a
graph does not have are empty there. Relations that herd7 defines before any file is read are
defined here likewise, by the same names.
"""

from collections.abc import Callable

from smtmodel.models.terms import (
    CO,
    EXT,
    FR,
    LOC,
    PO,
    RF,
    AnyIn,
    AxiomForm,
    Base,
    Difference,
    Domain,
    Events,
    EventSet,
    Except,
    Flag,
    Identity,
    Intersection,
    Range,
    Relation,
    Union,
    then,
)
from smtmodel.source.record import record
from smtmodel.source.tree import Node

NOTHING = Union(())
"""`0`: the empty relation, and the empty set where a set is wanted."""


@record
class Function:
    """A function of a file: its call stands for its body. `names` are those known to the body."""

    parameters: tuple[str, ...]
    body: Node
    names: "dict[str, Value]"


@record
class Unread:
    """What a name stands for where it cannot be used, and why not."""

    reason: str


Value = EventSet | Relation | Function | Unread
Term = EventSet | Relation

SETS = (
    *("R", "W", "F", "IW", "FW", "RMW", "UB"),
    *("Once", "Acquire", "Release", "Noreturn", "Mb", "Wmb", "Rmb", "Barrier"),
    *("Before-atomic", "After-atomic", "After-spinlock", "After-unlock-lock"),
    *("After-srcu-read-unlock", "Rcu-lock", "Rcu-unlock", "Sync-rcu"),
    *("Srcu-lock", "Srcu-unlock", "Sync-srcu", "LKR", "LKW", "UL", "LF", "RL", "RU"),
    *("A", "L", "Q", "X", "AMO", "ISB", "mfence", "sync", "isync", "lwsync"),
    *(f"{kind}.{scope}" for kind in ("DMB", "DSB") for scope in ("SY", "LD", "ST")),
    *(f"{kind}.{area}{only}" for kind in ("DMB", "DSB") for area in ("ISH", "OSH")
      for only in ("", "LD", "ST")),
    *(f"Fence.{before}.{after}" for before in ("r", "w", "rw") for after in ("r", "w", "rw")),
    *("Fence.tso", "Acq", "Rel", "AcqRel", "Sc"),
    *("NAL", "RLX", "ACQ", "REL", "ACQ_REL", "SC", "CON"),
)  # fmt: skip
TAGS = ("Once", "Acquire", "Release", "Noreturn", "Mb")
"""Sets of Linux accesses, which newer files write in capitals."""

RELATIONS = (
    *("po", "rf", "co", "fr", "loc", "int", "ext", "id"),
    *("addr", "data", "ctrl", "rmw", "amo", "lxsx", "si"),
)
INT = Base("int")


def beginning() -> dict[str, Value]:
    """The names that are known before the first line."""
    names: dict[str, Value] = {name: Events(name) for name in SETS}
    names |= {tag.upper(): Events(tag) for tag in TAGS}
    names |= {name: Base(name) for name in RELATIONS}
    names |= {
        "M": AnyIn((Events("R"), Events("W"))),
        "emptyset": NOTHING,
        "po-loc": Intersection(PO, LOC),
    }
    for name, relation in (("rf", RF), ("co", CO), ("fr", FR)):
        names |= {f"{name}e": Intersection(relation, EXT), f"{name}i": Intersection(relation, INT)}
    return names


def _different(relation: Relation) -> Relation:
    return Intersection(relation, Base("different-values"))


OF_SETS: dict[str, Callable[[EventSet], Term]] = {"fencerel": lambda fence: then(PO, fence, PO)}
OF_RELATIONS: dict[str, Callable[[Relation], Term]] = {
    "domain": Domain,
    "range": Range,
    "different-values": _different,
}


LOCK_EVENTS = AnyIn(tuple(map(Events, ("LKR", "LKW", "UL", "LF", "RL", "RU"))))


def locks() -> dict[str, Value]:
    """What the file for locks defines, with locks as memory.

    Taking one is a read and a write of it, releasing one a write, so reads-from and coherence of
    their events are those of all accesses. The axioms of such a file say that a lock which is held
    is not taken; here that is a matter of values: to take one is to read it as free.
    """
    reads, writes, read, write = map(Events, ("R", "W", "LKR", "LKW"))
    failed = AnyIn((Events("LF"), Events("RL")))
    reads_all = AnyIn((reads, read, failed, Events("RU")))
    writes_all = AnyIn((writes, write, Events("UL")))
    taken = Difference(then(Identity(read), Intersection(PO, LOC), Identity(write)), then(PO, PO))
    acquire = AnyIn((Events("Acquire"), read))
    release = AnyIn((Events("Release"), Events("UL")))
    return {
        "R": reads_all,
        "W": writes_all,
        "M": AnyIn((reads_all, writes_all)),
        "LF": failed,
        "rmw": Union((Base("rmw"), taken)),
        **dict.fromkeys(("Acquire", "ACQUIRE"), acquire),
        **dict.fromkeys(("Release", "RELEASE"), release),
    }


def lock_flags() -> tuple[Flag, ...]:
    """What that file warns of: locks touched as memory, and released by who has not taken them."""
    other = Except(AnyIn((Events("R"), Events("W"))), AnyIn((LOCK_EVENTS, Events("IW"))))
    taken, released = Events("LKW"), Events("UL")
    between = then(Intersection(PO, LOC), AnyIn((taken, released)), Intersection(PO, LOC))
    critical = Difference(then(taken, Intersection(PO, LOC), released), between)
    return (
        Flag("mixed-lock-accesses", AxiomForm.INHABITED, then(other, LOC, LOCK_EVENTS), "", ""),
        Flag(
            "unmatched-unlock",
            AxiomForm.INHABITED,
            Identity(Except(released, Range(critical))),
            "",
            "",
        ),
    )
