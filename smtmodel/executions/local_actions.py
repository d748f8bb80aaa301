"""The actions of a lane that are no events: local ones and choices.

They happen at once, together with the event before them. What all actions have in common is in
`smtmodel.executions.actions`.
"""

from smtmodel.executions.terms import Address, Register, Term
from smtmodel.language.checked import Expression
from smtmodel.source.record import record

# ---------------------------------------------------------------- local


@record
class Arrive:
    """Control reaches the step.

    `goes_on`: the step belongs to the text of the step before it, as in an inlined call.
    `enters`: it is a loop or an atomic block, of which what is in it arrives for itself.
    """

    goes_on: bool
    enters: bool = False


@record
class Compute:
    """A register gets a value, which is that of the local `name` if that is not empty; the lane
    stops for good where an operator has no value."""

    into: int
    value: Term
    name: str = ""


@record
class Dereference:
    """A register gets a pointer that is not null. Of null the lane goes on at `null`, and without
    that stops for good. `text` is the pointer for reports."""

    into: int
    pointer: Term
    text: str
    null: int | None = None


@record
class CheckIndex:
    """A register gets an index that is inside of an array; the lane stops for good at another."""

    into: int
    index: Term
    array: str
    length: int


@record
class ReadGhost:
    """A ghost's read: it always has a value, and nothing is free to a ghost."""

    into: int
    address: Address


@record
class WriteGhost:
    address: Address
    value: Term


@record
class MakeObject:
    """A register gets a pointer to a new object; its ghost fields are 0."""

    into: int
    struct: str


@record
class Jump:
    target: int


@record
class JumpIf:
    """The lane goes on at the target where the condition is true (`holding`), or false.

    `decides`: the condition is as the step has it, and not what has become of it before. `part` is
    its text where it is not the whole condition.
    """

    condition: Term
    holding: bool
    target: int
    decides: bool = False
    part: str = ""


@record
class Require:
    """The lane stands here for good where the condition is false."""

    condition: Term


@record
class CutOff:
    """The lane stands here for good where a loop has had this many rounds."""

    rounds: Register
    bound: int


@record
class CheckAssert:
    """The assertion `name` is violated where the condition is false; the lane goes on.

    `reads` are what the condition reads, with the values, for reports.
    """

    name: str
    condition: Term
    reads: tuple[tuple[Expression, Term], ...]


@record
class EndAtomic:
    """The end of an atomic block."""


@record
class EnterInner:
    """Before an RCU enter: inside another section it is no event, and the lane goes on at
    `skip`."""

    domain: str
    skip: int


@record
class LeaveInner:
    """Before an RCU leave: that of an inner section is no event, and the lane goes on at `skip`."""

    domain: str
    skip: int


@record
class CheckSleep:
    """A step that may sleep is reached: `lock_misuse` where the lane holds any of these locks, is
    inside a section of this domain, interrupts, or has interrupts off (`off`, where it ever
    switches them)."""

    locks: tuple[int, ...]
    domain: str
    interrupts: bool
    off: Register | None


@record
class Misuse:
    """A step is reached that this lane must never reach: `lock_misuse`."""


@record
class EndRound:
    """A round ends: the values of registers are kept, each at its place among `kept_locals`.

    The next round starts at place 0, or the lane has run to its end.
    """

    kept: tuple[tuple[int, Register], ...]


LocalAction = (
    Arrive
    | Compute
    | Dereference
    | CheckIndex
    | ReadGhost
    | WriteGhost
    | MakeObject
    | Jump
    | JumpIf
    | Require
    | CutOff
    | CheckAssert
    | EndAtomic
    | EnterInner
    | LeaveInner
    | CheckSleep
    | Misuse
    | EndRound
)

# ---------------------------------------------------------------- choices


@record
class StartRound:
    """A round starts: all locals are forgotten, and a block is chosen, by name and label. Of a
    single block that is no choice but local."""

    blocks: tuple[tuple[str, int], ...]


@record
class ChooseBranch:
    """The branches of an `either`."""

    targets: tuple[int, ...]


@record
class ChooseValue:
    into: int
    low: int
    high: int


@record
class ChooseObject:
    """A register gets a pointer to a new object, or to any free object of the struct."""

    into: int
    struct: str


ChoiceAction = StartRound | ChooseBranch | ChooseValue | ChooseObject
