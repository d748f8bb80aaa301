"""The event graph: the vocabulary that memory models, encoder and decoder share.

Lanes of events in program order, each with a guard (its path condition), an address that may
go through a pointer, an access mark, values as terms, and the step it came from. Which
guarded events happen, in what order, and what a read returns is not decided here.
"""

from enum import Enum

from smtmodel.events.terms import Atom, Constant, Guard, Term
from smtmodel.language.checked import (
    Bounds,
    Checked,
    Expression,
    FenceKind,
    Lane,
    Mark,
    Where,
)
from smtmodel.source.record import record


class Kind(Enum):
    READ = "read"
    WRITE = "write"
    RMW = "read-modify-write"
    FENCE = "fence"
    LOCK = "lock"  # also a successful try
    TRY = "try"  # `success` says whether it took the lock
    UNLOCK = "unlock"
    ENTER = "enter"
    LEAVE = "leave"
    GRACE_BEGIN = "grace period begins"
    GRACE_END = "grace period ends"
    BEGIN = "update begins"
    RETURN = "update returns"
    FRESH = "fresh"
    SETTLED = "settled"
    ASSERT = "assert"  # judged here; not an event of the machine
    REACH = "reach"  # a step that a goal names; not an event of the machine


LOCAL_KINDS = frozenset({Kind.ASSERT, Kind.REACH})
"""Kinds that the machine runs together with the lane's preceding event."""


@record
class Location:
    """One memory location: its name for reports, its initial value per component.

    `object` is the object whose field it is, None for a variable. `copied`: its object is
    made by `copy`, which writes the location before any pointer to it exists elsewhere.
    """

    name: str
    initial: tuple[Constant, ...]
    object: int | None = None
    copied: bool = False


@record
class Object:
    """An object and the locations of its fields."""

    struct: str
    fields: tuple[tuple[str, int], ...]


@record(eq=False)
class At:
    """An address that is one location."""

    location: int


@record(eq=False)
class FieldOf:
    """The field of whatever object the pointer's value refers to."""

    pointer: Term
    field: str


@record(eq=False)
class ItemOf:
    """The array element whose number the index has."""

    locations: tuple[int, ...]
    index: Term


Address = At | FieldOf | ItemOf


@record(eq=False)
class Event:
    """One event. `number` is its place in `EventGraph.events`, lanes one after another.

    `values`: what it writes, per component (a compare-exchange: the new value). `success`:
    the condition under which a compare-exchange writes or a try takes the lock, else None.
    `name`: the lock or the domain. `partners`: for UNLOCK the LOCK or TRY events, for LEAVE
    the ENTER events it may belong to, for GRACE_END its GRACE_BEGIN. `condition`: of an
    ASSERT. `observed`: the snapshot expression of a SETTLED. `serial`: a BEGIN or RETURN
    under the implicit mutex, an UNLOCK of a mutex. `atomic`: the number of the atomic block.
    """

    number: int
    lane: int
    kind: Kind
    guard: Guard
    block: str
    round: int
    where: Where | None
    address: Address | None = None
    mark: Mark = Mark.PLAIN
    values: tuple[Term, ...] = ()
    success: Term | None = None
    name: str = ""
    partners: tuple[int, ...] = ()
    fence: FenceKind | None = None
    condition: Term | None = None
    observed: Expression | None = None
    serial: bool = False
    atomic: int | None = None


@record
class Choice:
    """A free choice: its values are 0 … count-1, told to a person by `names`.

    `scheduled`: a replay must be told it (the outcome of a try is not).
    """

    lane: int
    guard: Guard
    names: tuple[str, ...]
    values: tuple[int, ...]
    scheduled: bool = True


@record
class Wait:
    """A step at which a lane may wait: `guard` holds before it, `event` happens after it."""

    guard: Guard
    event: int


@record
class Stop:
    """A place where a lane goes no further: reached under `guard`, passed where `passed` too.

    `name`: the built-in property that stopping violates, `assume`, or `bound` for a loop
    whose bound is used up. `after`: the lane's last event before it in program order, on
    whatever path, None if there is none.
    """

    name: str
    guard: Guard
    passed: Guard
    lane: int
    after: int | None
    where: Where | None


@record
class Begun:
    """Control is at a step under `guard`."""

    step: int
    guard: Guard


@record
class LaneGraph:
    """A lane: its events are those numbered from `first` up to, not including, `last`.

    `end`: the guard under which it runs to its end.
    """

    lane: Lane
    first: int
    last: int
    end: Guard


@record
class EventGraph:
    """All that can happen at some bounds. `atoms[k-1]` defines literal k.

    `cells`: the location of each variable, member, element ((name, 'i')) and cache entry
    ((name, lane name)). `locals`: the value at the end of a lane of (lane name, block,
    local).
    """

    protocol: Checked
    bounds: Bounds
    lanes: tuple[LaneGraph, ...]
    events: tuple[Event, ...]
    locations: tuple[Location, ...]
    objects: tuple[Object, ...]
    cells: dict[tuple[str, str], int]
    atoms: tuple[Atom, ...]
    choices: tuple[Choice, ...]
    waits: tuple[Wait, ...]
    stops: tuple[Stop, ...]
    begun: tuple[Begun, ...]
    locals: dict[tuple[str, str, str], Term]
