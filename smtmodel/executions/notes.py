"""What is noted down while a lane moves, for whoever tells the run afterwards."""

from smtmodel.executions.values import Value
from smtmodel.language.checked import Expression, Where
from smtmodel.source.record import record


@record
class Began:
    """Control reached a step.

    `goes_on`: the step belongs to the text of the step before it, as in an inlined call.
    `enters`: it is a loop or an atomic block, of which what is in it arrives for itself.
    """

    where: Where
    goes_on: bool = False
    enters: bool = False


@record
class Decided:
    """How a condition or a choice of the step came out, in a word."""

    outcome: str


@record
class Happened:
    """An event: its kind in a word; `subject` is a location, a name, or nothing."""

    event: str
    where: Where | None
    block: str
    subject: int | str = ""
    value: Value = None
    written: Value = None


@record
class Assigned:
    """A local got a value."""

    name: str
    before: Value
    after: Value


@record
class Wrote:
    """Memory changed."""

    location: int
    before: Value
    after: Value


@record
class Allocated:
    location: int
    struct: str


@record
class Freed:
    """An object became free, or (`had`) stopped being free."""

    location: int
    had: bool = False


@record
class Failed:
    """A property was violated.

    `reads` are those of an assertion's condition with their values, `facts` what else there is to
    say with a value. `location` was used though its object was free, or read though it was not
    written; with `whole` the object that begins there was freed again, or while a lock of it was
    held, or a lock of it was used. `held` are the locks and domains that the lane holds, the lane
    that it interrupts, and its own name where it has interrupts off, where it must not sleep.
    """

    name: str
    where: Where | None
    reads: tuple[tuple[Expression, Value], ...] = ()
    facts: tuple[tuple[str, Value], ...] = ()
    location: int | None = None
    whole: bool = False
    held: tuple[str, ...] = ()


@record
class Ran:
    """A round began with this block."""

    block: str


Note = Began | Decided | Happened | Assigned | Wrote | Allocated | Freed | Failed | Ran
