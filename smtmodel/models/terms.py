"""Terms of relation algebra over events, definitions, axioms, and what a model is.

Nothing here knows how a term is read: `smtmodel.encoding.relations` turns one into
constraints, for litmus tests `smtmodel.encoding.definitions`, and
`smtmodel.executions.evaluate` into finite sets of pairs.

Base relations: `po` (program order), `rf` (a write to the reads that return it), `co`
(coherence: the order of the writes to a location, initial writes first), `fr` (a read to the
writes that are co-after the one it returns), `loc` (same location), `int` and `ext` (same
lane, different lanes), `id`, `addr`, `data`, `ctrl` (dependencies). Of litmus tests also `rmw` (the
read of a read-modify-write to its write) and `different-values` (two accesses that do not carry
the same value).

Event sets of protocols: `R`, `W` (a read-modify-write that succeeds is in both), `Rmw` (one that
succeeds), `Locked` (one that is a locked instruction on x86: it succeeds, or compares and finds
something else, or wakes lanes that sleep), `Mb`, `Wmb`, `Rmb`, `BeforeAtomic`, `AfterAtomic`,
`Lock` (a lock taken, by a successful try too), `MutexUnlock` (of a mutex or by a reader),
`SpinUnlock` (any other), `Enter`, `Leave`, `Grace` (begin and end of grace periods), `Defer` (the
begin of a deferred free's), `Free`, `SerialBegin` (of an update under the implicit mutex),
`Return`, `Once`, `Acquire`, `Release`, `All`. Those of litmus tests are in `models/lkmm/`.
"""

from enum import Enum
from functools import cache

from smtmodel.source.record import parts, record

EVENT_SETS = (
    "R",
    "W",
    "Rmw",
    "Locked",
    "Mb",
    "Wmb",
    "Rmb",
    "BeforeAtomic",
    "AfterAtomic",
    "Lock",
    "SpinUnlock",
    "MutexUnlock",
    "Enter",
    "Leave",
    "Grace",
    "Defer",
    "Free",
    "SerialBegin",
    "Return",
    "Once",
    "Acquire",
    "Release",
    "All",
)


@record
class Events:
    """An event set by its name."""

    name: str


@record
class AnyIn:
    """Events in one of the sets."""

    sets: tuple["EventSet", ...]


@record
class AllIn:
    """Events in each of the sets."""

    sets: tuple["EventSet", ...]


@record
class Except:
    """Events in the first set and not in the second."""

    kept: "EventSet"
    removed: "EventSet"


@record
class Outside:
    """`~S`, events that are not in the set."""

    set: "EventSet"


@record
class Domain:
    """`domain(r)`, events from which a pair starts."""

    relation: "Relation"


@record
class Range:
    """`range(r)`, events at which a pair ends."""

    relation: "Relation"


@record
class NamedSet:
    """The set that a definition of the model names."""

    name: str


EventSet = Events | AnyIn | AllIn | Except | Outside | Domain | Range | NamedSet


@record
class Base:
    """A base relation by its name."""

    name: str


@record
class Union:
    """`a | b | …`."""

    terms: tuple["Relation", ...]


@record
class Intersection:
    """`a & b`."""

    left: "Relation"
    right: "Relation"


@record
class Difference:
    r"""`a \ b`."""

    left: "Relation"
    right: "Relation"


@record
class Sequence:
    """`a ; b`."""

    left: "Relation"
    right: "Relation"


@record
class Inverse:
    """`a^-1`."""

    term: "Relation"


@record
class Closure:
    """`a^+`, the transitive closure."""

    term: "Relation"


@record
class Optional:
    """`a?`, the relation and the identity."""

    term: "Relation"


@record
class Star:
    """`a^*`, the transitive closure and the identity."""

    term: "Relation"


@record
class Complement:
    """`~a`, every pair that is not in the relation."""

    term: "Relation"


@record
class Identity:
    """`[S]`, the identity on a set."""

    set: EventSet


@record
class Product:
    """`A * B`, every pair."""

    left: EventSet
    right: EventSet


@record
class Nested:
    """Each closing event's opening one, in program order and nested as brackets are."""

    opening: EventSet
    closing: EventSet


@record
class Named:
    """The relation that a definition of the model names."""

    name: str


Relation = (
    Base
    | Union
    | Intersection
    | Difference
    | Sequence
    | Inverse
    | Closure
    | Optional
    | Star
    | Complement
    | Identity
    | Product
    | Nested
    | Named
)


def then(*terms: Relation | EventSet) -> Relation:
    """The terms in sequence; a set stands for the identity on it."""
    first, *others = (Identity(term) if isinstance(term, EventSet) else term for term in terms)
    if not others:
        return first
    return Sequence(first, then(*others))


@record
class Defined:
    """A name for a term over base relations, event sets and earlier definitions."""

    name: str
    term: Relation | EventSet
    reason: str = ""
    source: str = ""


@record
class Recursion:
    """Definitions over each other: the least sets and relations that satisfy all of them."""

    definitions: tuple[Defined, ...]

    @property
    def monotone(self) -> bool:
        """Whether no definition takes away what another of them defines.

        Only then are there least ones, which repetition from nothing reaches.
        """
        own = {definition.name for definition in self.definitions}
        return own.isdisjoint(_taken_away(self))


Group = Defined | Recursion


def places(groups: tuple[Group, ...]) -> dict[str, int]:
    """Which of the groups defines a name."""
    return {
        definition.name: place
        for place, group in enumerate(groups)
        for definition in (group.definitions if isinstance(group, Recursion) else (group,))
    }


@cache
def _taken_away(group: Recursion) -> frozenset[str]:
    """What is named where more of it means less of the whole."""
    names: set[str] = set()
    for part in parts(group):
        match part:
            case Difference(_, less) | Except(_, less) | Complement(less) | Outside(less):
                names |= {x.name for x in parts(less) if isinstance(x, Named | NamedSet)}
            case Nested():
                names |= {x.name for x in parts(part) if isinstance(x, Named | NamedSet)}
    return frozenset(names)


class AxiomForm(Enum):
    """What is said of a relation; the last three are the opposites of the first three."""

    ACYCLIC = "acyclic"
    IRREFLEXIVE = "irreflexive"
    EMPTY = "empty"
    CYCLIC = "~acyclic"
    REFLEXIVE = "~irreflexive"
    INHABITED = "~empty"


@record
class Axiom:
    """`form relation` must hold of every execution. `source` says where it comes from."""

    name: str
    form: AxiomForm
    relation: Relation
    reason: str
    source: str


@record
class Flag:
    """Raised by every execution of which `form relation` holds; it forbids none."""

    name: str
    form: AxiomForm
    relation: Relation
    reason: str
    source: str


class MachineKind(Enum):
    AT_ONCE = "a store takes effect at once"
    STORE_BUFFERS = "a store waits in a buffer of its lane"


class Promised(Enum):
    """Steps of which the kernel promises less than a machine does."""

    ATOMICS = "atomics that are no full barrier, or not always"
    LOCKS = "steps on locks that order only as an acquire or a release"


@record
class Trusted:
    """What a proof trusts; with `steps` only of a protocol that has such, at their lines."""

    text: str
    steps: Promised | None = None


@record
class Model:
    """A memory model, and what a proof under it amounts to.

    `instants` names the ACYCLIC axiom in whose order snapshots, sections, grace periods,
    locks and updates lie; None where the model has no instants. `machine` replays its runs;
    None where the model has none. `idle` are the kernel's barriers that order nothing, `trusts`
    what a proof trusts of the memory, `leaves_out` the memory of which it says nothing. Every
    model is assumed to be coherent per location: some
    ACYCLIC axiom contains `(po & loc) | rf | co | fr` (checked by a test); the encoder uses
    this to discard reads-from edges over an intervening write. `causal`: what a lane did
    before a write is visible to whoever reads that write, so that a field that `copy` has
    written is never seen unwritten. Axioms, flags and later definitions use `definitions` by name.
    """

    name: str
    title: str
    axioms: tuple[Axiom, ...]
    instants: str | None
    machine: MachineKind | None
    causal: bool
    idle: tuple[str, ...]
    trusts: tuple[Trusted, ...]
    leaves_out: str
    definitions: tuple[Group, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def store_buffers(self) -> bool:
        """Whether the machine that replays runs has store buffers."""
        assert self.machine is not None, f"{self.name} has no machine"
        return self.machine is MachineKind.STORE_BUFFERS


PO, RF, CO, FR, LOC, EXT = (Base(name) for name in ("po", "rf", "co", "fr", "loc", "ext"))
