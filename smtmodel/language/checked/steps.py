"""Steps, each with the place where it stands."""

from smtmodel.language.checked.expressions import Expression, Place
from smtmodel.language.checked.state import FenceKind, Mark
from smtmodel.source import Span
from smtmodel.source.record import field, record

StepPlace = tuple[Span, int | None]
"""Where a step stands, and the number of the call of which it is."""


@record
class Where:
    """Which step of the text: `number` counts the steps of the file in its order from 0.

    `text` is the step on one line (of an `if`, `while`, … only its head). Of a step of a definition
    of the text `call` is the `Opening` of the call, and `span` its place in the definition.
    """

    number: int
    block: str
    label: str | None
    text: str
    span: Span = field(compare=False, default=Span(1, 1, 1, 1))
    call: "Where | None" = field(compare=False, default=None)

    @property
    def place(self) -> StepPlace:
        """What tells a step from others: what stands there in the text, and in which call."""
        return self.span, None if self.call is None else self.call.number

    @property
    def calls(self) -> "tuple[Where, ...]":
        """The calls in which it stands, the outermost first."""
        return () if self.call is None else (*self.call.calls, self.call)


@record
class SetLocal:
    where: Where
    name: str
    value: Expression


@record
class Store:
    """A write: the value is evaluated first, then the place's address, then it is written.

    With an `operator`, + or -, the place is read when its address is known, and what is written
    is what it held, the operator and the value; modulo 2 to the `width`, if not None.
    `place_first`: it is written as a call, whose arguments go from left to right; not one that
    writes a Fresh, Choose, Copy, Allocate or EntryValue.
    """

    where: Where
    place: Place
    mark: Mark
    value: Expression
    operator: str = ""
    width: int | None = None
    place_first: bool = False


@record
class Evaluate:
    """An expression for its effect."""

    where: Where
    expression: Expression


@record
class Enter:
    """Enter a read section of a domain; `cookie` names the local that identifies it."""

    where: Where
    domain: str
    cookie: str | None


@record
class Leave:
    """Leave the section of the cookie, or without one the innermost open of the domain.

    Nested RCU sections count as one, from the outermost enter to its leave.
    """

    where: Where
    domain: str
    cookie: str | None


@record
class Synchronize:
    """A grace period: begins, and ends when the sections it found open have been left."""

    where: Where
    domain: str
    expedited: bool


@record
class MaskInterrupts:
    """Interrupts off from here on; no event where they are. `saved`: the local that remembers
    how they were."""

    where: Where
    saved: str | None


@record
class UnmaskInterrupts:
    """Interrupts on from here on, or as the local `saved` remembers; no event where that is how
    they are."""

    where: Where
    saved: str | None


@record
class TakeLock:
    """`shared`: a reader's side of a reader/writer lock.

    `at`: the index of a lock of an array, or the pointer to the object whose field it is; a
    Constant, a LaneNumber or a Local.
    """

    where: Where
    lock: str
    shared: bool = False
    at: Expression | None = None


@record
class ReleaseLock:
    where: Where
    lock: str
    shared: bool = False
    at: Expression | None = None


@record
class Wake:
    """Wakes all lanes that sleep at the queue."""

    where: Where
    queue: str


@record
class Fence:
    where: Where
    kind: FenceKind


@record
class Zap:
    """Empties a cache: one write per lane of its owner in their order, one if it is shared.

    `index`: of an array of shared caches that element.
    """

    where: Where
    variable: str
    index: Expression | None = None


@record
class Free:
    """Frees an object now, or after a grace period of `domain` that begins at this step.

    The deferred form orders nothing and waits for nothing. Of null it is no event where the
    call is `null_safe`, else an error of the run.
    """

    where: Where
    pointer: Expression
    struct: str
    domain: str | None = None
    null_safe: bool = True


@record
class If:
    """`part`: the text of the condition where it is part of the step in whose place this stands."""

    where: Where
    condition: Expression
    then: tuple["Step", ...]
    otherwise: tuple["Step", ...]
    part: str = ""


@record
class While:
    """At most `bound` rounds; a lane whose condition still holds then goes no further."""

    where: Where
    bound: int
    condition: Expression
    body: tuple["Step", ...]


@record
class Retry:
    """At least one round; a lane whose condition fails after round `bound` goes no further."""

    where: Where
    bound: int
    body: tuple["Step", ...]
    condition: Expression


@record
class Each:
    """`body` once for each number from 0 below `length`, which the local `name` has meanwhile.

    Where `lanes` names a kind, there are as many as lanes of the kind and `length` is 0.
    """

    where: Where
    name: str
    length: int
    lanes: str | None
    body: tuple["Step", ...]


@record
class Branch:
    """`either`: one of the branches, freely chosen."""

    where: Where
    branches: tuple[tuple["Step", ...], ...]


@record
class Return:
    where: Where


@record
class Opening:
    """A call of a definition of the text begins; nothing happens."""

    where: Where


@record
class Assert:
    """The property `name` is violated where the condition is 0; the lane goes on.

    `unreachable`: the condition is 0, and it is proved by never being judged.
    """

    where: Where
    name: str
    condition: Expression
    unreachable: bool = False


@record
class Assume:
    where: Where
    condition: Expression


@record
class Atomic:
    where: Where
    body: tuple["Step", ...]


Step = (
    SetLocal
    | Store
    | Evaluate
    | Enter
    | Leave
    | Synchronize
    | MaskInterrupts
    | UnmaskInterrupts
    | TakeLock
    | ReleaseLock
    | Wake
    | Fence
    | Zap
    | Free
    | If
    | While
    | Retry
    | Each
    | Branch
    | Return
    | Opening
    | Assert
    | Assume
    | Atomic
)
