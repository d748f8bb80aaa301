"""A protocol as a transition system, which is data: guarded commands over quantities.

Made by `smtmodel.systems.translate`. Its terms are those of programs (`executions.terms`) in which
a `Register` stands for the quantity of that number. A state is a tuple with a value for each
quantity. Numbers are mathematical integers, a pointer is null or the number of a slot.
"""

from smtmodel.executions.terms import Term
from smtmodel.executions.values import Absent, Value
from smtmodel.language.ast import When
from smtmodel.language.checked import Checked, Lane, Where
from smtmodel.language.types import Type
from smtmodel.source.record import record

HOME, ENDED, STOPPED = 0, -1, -2
"""Places besides those of a program: between two rounds; after the last one, where the next would
begin with more than computing; stopped for good."""


@record
class Finite:
    """The sort of what is never abstracted: a place, a holder, a flag."""


Sort = Type | Finite


@record
class Quantity:
    """`parts` are the names of the fields of an entry, where they are known."""

    name: str
    sort: Sort
    initial: Value
    parts: tuple[str, ...] = ()


@record
class Slot:
    """Room for an object: the quantities of its fields, in the order of the struct's, and those of
    its `life`: whether it is in use or free, what a deferred free of it waits for. While one of
    `pins`, a quantity, is at least the number beside it, the object is kept like one that pointers
    reach."""

    struct: str
    fields: tuple[int, ...]
    life: tuple[int, ...] = ()
    pins: tuple[tuple[int, int], ...] = ()

    @property
    def quantities(self) -> tuple[int, ...]:
        """All that is known of the object."""
        return (*self.fields, *self.life)


@record
class Truth:
    """The term is true (`holding`), or false."""

    term: Term
    holding: bool


@record
class Marked:
    """The value of the term is this mark (`holding`), or is not."""

    term: Term
    mark: Absent
    holding: bool


Guard = Truth | Marked


@record
class Edge:
    """An event of a lane and the local steps after it, on one way through them.

    Guards are tested in their order, each only where those before it hold. `updates` happen at
    once, with the values of before. `draws`: first the quantity `drawn` gets the next token.
    `violates` are the properties that the edge violates, `judges` the assertions on it, and the
    errors of the run that its steps are looked at for, be it that their terms alone decide. `limit`
    says what lies beyond it that the system does not have; `cut` is the number of the loop whose
    bound is used up, or -1.
    """

    lane: int
    source: int
    target: int
    guards: tuple[Guard, ...]
    updates: tuple[tuple[int, Term], ...]
    where: Where | None
    draws: bool = False
    violates: tuple[str, ...] = ()
    limit: str = ""
    cut: int = -1
    judges: tuple[str, ...] = ()


@record
class Bad:
    """A `never` property is violated at an instant where all guards hold."""

    name: str
    when: When
    guards: tuple[Guard, ...]


@record
class WaitingPlace:
    """At this place a lane stands before an event that may have to wait, where the guards hold.

    It waits for the lane that the quantity `holder` names (-1: there is none), and for those of the
    `flags`, each with a quantity, where that is not 0: the readers of a lock, those in whose
    sections a grace period began. It is to read under the lock `reads`, and comes after who waits
    to write under it; or to write under `writes`. With `givers` nothing keeps it waiting but a
    value; those are the other lanes that may write it, each with the quantity that is 1 once it
    has had a round.
    """

    lane: int
    place: int
    guards: tuple[Guard, ...]
    holder: int = -1
    flags: tuple[tuple[int, int], ...] = ()
    reads: tuple[int, int] | None = None
    writes: tuple[int, int] | None = None
    givers: tuple[tuple[int, int], ...] | None = None


@record
class Exchange:
    """Two lanes change places: each quantity is what another was, and the `holders` of locks, which
    hold the number of a lane, name the other of the two."""

    first: int
    second: int
    quantities: tuple[int, ...]
    holders: frozenset[int]


@record
class System:
    """`places` has the quantity of each lane's place, and where frees are deferred that of one lane
    more, which stands at `HOME` and carries them out; `slots` the room for objects, of each struct
    from slot 1 on. `passing` are the lanes and places at which a lane never has to wait,
    `waits` those at which it may have to, where `deadlock` is judged. `undecided` says of
    properties why they are not judged. `exchanges` are worth trying; `lanes.same` says which leave
    the system as it is."""

    protocol: Checked
    lanes: tuple[Lane, ...]
    quantities: tuple[Quantity, ...]
    places: tuple[int, ...]
    progress: int
    fresh: int
    drawn: int
    slots: tuple[Slot, ...]
    edges: tuple[Edge, ...]
    bad: tuple[Bad, ...]
    passing: frozenset[tuple[int, int]]
    waits: tuple[WaitingPlace, ...]
    undecided: tuple[tuple[str, str], ...]
    exchanges: tuple[Exchange, ...] = ()


@record
class NotCovered:
    """What the system does not cover: the step, if it is one, and the reason."""

    where: Where | None
    reason: str


class NotCoveredError(Exception):
    """Ends a translation."""

    def __init__(self, where: Where | None, reason: str) -> None:
        super().__init__(reason)
        self.refused = NotCovered(where, reason)
