"""The event graph: the vocabulary that memory models, encoder and decoder share.

Lanes of events in program order, each with a guard (its path condition), an address that may
go through a pointer, an access mark, values as terms, and the step it came from. Which
guarded events happen, in what order, and what a read returns is not decided here.
"""

from enum import Enum

from smtmodel.events.terms import ALWAYS, Atom, Constant, Guard, Term
from smtmodel.language.checked import (
    Bounds,
    Checked,
    Expression,
    FenceKind,
    Lane,
    Mark,
    Place,
    Where,
)
from smtmodel.source import Span
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
    FREE = "free"  # of an object; a deferred one is a lane of its own
    DEFER = "defer"  # the grace period begins after which an object is freed
    WAKE = "wake"  # all lanes that sleep at a queue
    HAVE = "have"  # an object, a new or a freed one
    INTERRUPT = "interrupt"  # a round of an interrupting lane begins
    RESUME = "resume"  # it ends, and the lane that it interrupted may go on
    MASK = "mask"  # from here on no round interrupts the lane
    UNMASK = "unmask"
    ASSERT = "assert"  # judged here; not an event of the machine
    REACH = "reach"  # a step that a goal names; not an event of the machine
    MISUSE = "misuse"  # a lock or a wait where there must be none; not an event of the machine


LOCAL_KINDS = frozenset({Kind.ASSERT, Kind.REACH, Kind.MISUSE})
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
    """An object and the locations of its fields.

    `name`: of one that exists at the start. The others are made in `lane` where `guard` holds
    and the choice of number `choice`, if there is one, is this object.
    """

    struct: str
    fields: tuple[tuple[str, int], ...]
    name: str
    lane: int | None = None
    guard: Guard = ALWAYS
    choice: int | None = None


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

    `values`: what it writes, per component (a compare-exchange: the new value). `success`: the
    condition under which a compare-exchange writes or a try takes the lock, else None. `name`: the
    lock, the domain, the queue, or the lane that is interrupted or masked. `partners`: for UNLOCK
    the LOCK or TRY events, for LEAVE the ENTER events it may belong to, for GRACE_END its
    GRACE_BEGIN, for a deferred FREE its DEFER, for RESUME its INTERRUPT, for UNMASK the MASK events
    that it may end. `condition`: of an ASSERT, or of a READ that waits until what it returns
    satisfies it; `awaited` is then the place that it reads, `name` the queue that the lane
    sleeps at, if it does. `observed`: the snapshot expression of a SETTLED. `serial`: a BEGIN or
    RETURN under the implicit mutex, an UNLOCK that waits for the store buffer, an RMW or WAKE that
    does so whatever it finds. `shared`: a reader's side of a lock. `atomic`: the number of the
    atomic block. `pointer`: to the object that a FREE frees or a HAVE has, or whose lock it is, or
    the index of a lock of an array. `outer`: the events that may have taken the locks of that name
    which the lane holds at a LOCK or TRY.

    Of litmus tests: `tag` is how herd7 calls the event, with the kinds of locks' events among them.
    A read-modify-write is a READ and, where it succeeds, a WRITE (`modifies`), whose partner is the
    READ; taking a lock is too. A grace period of SRCU is a FENCE with a `pointer` to its domain.
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
    awaited: Place | None = None
    observed: Expression | None = None
    serial: bool = False
    shared: bool = False
    atomic: int | None = None
    pointer: Term | None = None
    outer: tuple[int, ...] = ()
    tag: str = ""
    modifies: bool = False

    @property
    def span(self) -> Span | None:
        """The place of its step, if it comes from one."""
        return self.where.span if self.where else None

    @property
    def ghost(self) -> bool:
        """Whether it is an access to a ghost."""
        return self.mark is Mark.GHOST

    @property
    def is_local(self) -> bool:
        """Whether the machine does it together with the lane's event before it."""
        return self.kind in LOCAL_KINDS or self.ghost


@record
class Choice:
    """A free choice of one of the values, told to a person by `names`.

    `scheduled`: a replay must be told it (the outcome of a try is not). The values of a
    `have` are pointers to objects, the new one first and then any that the protocol may have
    freed; what they are called depends on the run.
    """

    lane: int
    guard: Guard
    names: tuple[str, ...]
    values: tuple[Constant, ...]
    scheduled: bool = True
    have: bool = False


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

    `end`: the guard under which it runs to its end. A deferred free is a lane too, of one
    event; `defers` is then the DEFER event it belongs to.
    """

    lane: Lane
    first: int
    last: int
    end: Guard
    defers: int | None = None


@record
class EventGraph:
    """All that can happen at some bounds. `atoms[k-1]` defines literal k.

    `checked` and `bounds` are those of a protocol; a litmus test has none. Its executions are
    those in which no lane stops: `stops` says where one would.

    `cells`: the location of each variable, member, element ((name, 'i')) and cache entry
    ((name, lane name)). `locals`: the value at the end of a lane of (lane name, block,
    local).
    """

    checked: Checked | None
    bounds: Bounds | None
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

    @property
    def protocol(self) -> Checked:
        """The protocol, of a graph that has one."""
        assert self.checked is not None, "the graph of a litmus test"
        return self.checked
