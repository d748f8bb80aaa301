"""Terms of relation algebra over events, axioms, and what a model is.

Nothing here knows how a term is read: `smtmodel.encoding.relations` turns one into
constraints, `smtmodel.executions.evaluate` into finite sets of pairs.

Base relations: `po` (program order), `rf` (a write to the reads that return it), `co`
(coherence: the order of the writes to a location, initial writes first), `fr` (a read to the
writes that are co-after the one it returns), `loc` (same location), `int` and `ext` (same
lane, different lanes), `id`, `addr`, `data`, `ctrl` (dependencies).

Event sets: `R`, `W` (a read-modify-write that succeeds is in both), `Rmw` (one that succeeds),
`Locked` (one that is a locked instruction on x86: it succeeds, or compares and finds something
else, or wakes lanes that sleep), `Mb`, `Wmb`, `Rmb`, `BeforeAtomic`, `AfterAtomic`, `Lock` (a lock
taken, by a successful try too), `MutexUnlock` (of a mutex or by a reader), `SpinUnlock` (any
other), `Enter`, `Leave`, `Grace` (begin and end of grace periods), `Defer` (the begin of a
deferred free's), `Free`, `SerialBegin` (of an update under the implicit mutex), `Return`, `Once`,
`Acquire`, `Release`, `All`.
"""

from enum import Enum

from smtmodel.source.record import record

BASE_RELATIONS = ("po", "rf", "co", "fr", "loc", "int", "ext", "id", "addr", "data", "ctrl")
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
class Except:
    """Events in the first set and not in the second."""

    kept: "EventSet"
    removed: "EventSet"


EventSet = Events | AnyIn | Except


@record
class Base:
    """A base relation by its name."""

    name: str


@record
class Union:
    """`a | b | …`."""

    terms: tuple["Relation", ...]


@record
class Both:
    """`a & b`."""

    left: "Relation"
    right: "Relation"


@record
class Minus:
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
class On:
    """`[S]`, the identity on a set."""

    set: EventSet


@record
class Product:
    """`A * B`, every pair."""

    left: EventSet
    right: EventSet


Relation = Base | Union | Both | Minus | Sequence | Inverse | Closure | On | Product


class Form(Enum):
    ACYCLIC = "acyclic"
    IRREFLEXIVE = "irreflexive"
    EMPTY = "empty"


@record
class Axiom:
    """`form relation` must hold of every execution. `source` says where it comes from."""

    name: str
    form: Form
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
    written is never seen unwritten.
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

    @property
    def store_buffers(self) -> bool:
        """Whether the machine that replays runs has store buffers."""
        assert self.machine is not None, f"{self.name} has no machine"
        return self.machine is MachineKind.STORE_BUFFERS


PO, RF, CO, FR, LOC, EXT = (Base(name) for name in ("po", "rf", "co", "fr", "loc", "ext"))
