"""The actions of a lane that are events: the lane may stand before them while others move.

What all actions have in common is in `smtmodel.executions.actions`.
"""

from collections.abc import Sequence

from smtmodel.executions.frame import NOBODY, Holder
from smtmodel.executions.terms import Address, Register, Term
from smtmodel.executions.values import PointerValue, Value
from smtmodel.language.checked import Expression, FenceKind, Lock, Mark, Rmw, Yields
from smtmodel.source.record import record

# ---------------------------------------------------------------- accesses


@record
class Read:
    into: int
    address: Address
    mark: Mark


@record
class Write:
    """One write; with store buffers it is put into the lane's own, and judged when flushed."""

    address: Address
    value: Term
    mark: Mark


@record
class AwaitValue:
    """One read, which cannot happen where its value makes the condition false.

    `into` stands in the condition for the value read; the read happens where an operator of the
    condition has no value. With a `queue` the lane may fall asleep there before it.
    """

    into: int
    address: Address
    mark: Mark
    condition: Term
    queue: str | None


@record
class Modify:
    """One read and write at one instant, as in `ReadModifyWrite`: where it fails, only a read."""

    into: int
    address: Address
    operation: Rmw
    operands: tuple[Term, ...]
    yields: Yields
    width: int | None
    mark: Mark


# ---------------------------------------------------------------- locks, sections, updates


@record
class Side:
    """A lock of the protocol, by its number, or a side of a reader/writer lock: `shared` is that of
    the readers.

    `at` is a register with what is added to the number: an index, or where an object begins.
    """

    number: int
    lock: Lock
    shared: bool
    at: Register | None = None

    def of(self, registers: Sequence[Value]) -> int:
        """The number of the lock, of several by what the register holds."""
        more = 0 if self.at is None else registers[self.at.number]
        assert isinstance(more, int)
        return self.number + more

    def thing(self, registers: Sequence[Value]) -> PointerValue | None:
        """The object whose lock it is."""
        if not self.lock.struct:
            return None
        return PointerValue(self.of(registers) - self.number)

    def called(self, registers: Sequence[Value]) -> str:
        """What a report calls it; that of an object without the object."""
        if self.at is None or self.lock.struct:
            return self.lock.name
        return f"{self.lock.name}[{self.of(registers) - self.number}]"

    def word(self, word: str) -> str:
        """`lock`, `read unlock`: what happens to it."""
        if not self.lock.kind.sided:
            return word
        return f"{'read' if self.shared else 'write'} {word}"

    def after(self, holder: Holder, lane: int) -> Holder | None:
        """Who holds the lock once the lane has taken it; None if it has to wait."""
        if holder == NOBODY:
            return (lane,) if self.shared else lane
        if self.shared and isinstance(holder, tuple):
            return tuple(sorted((*holder, lane)))
        return None

    def fails(self, holder: Holder, lane: int) -> bool:
        """Whether a try fails: another lane holds the lock in the way of this lane."""
        if isinstance(holder, tuple):
            return not self.shared and any(other != lane for other in holder)
        return holder not in (NOBODY, lane)

    def left(self, holder: Holder, lane: int) -> Holder:
        """Who holds the lock once the lane has released it."""
        if not isinstance(holder, tuple):
            return NOBODY
        place = holder.index(lane)
        return (*holder[:place], *holder[place + 1 :]) or NOBODY


@record
class Acquire:
    side: Side


@record
class TryAcquire:
    """A register gets 1 and the lock is taken, or 0 where another lane is in the way."""

    into: int
    side: Side


@record
class Release:
    side: Side


@record
class Barrier:
    kind: FenceKind


@record
class WakeAll:
    """Every lane that sleeps at the queue wakes up."""

    queue: str


@record
class EnterSection:
    """A read section begins; the register, if any, gets its number."""

    into: int | None
    domain: str


@record
class LeaveSection:
    """The section whose number the cookie holds is left, or the innermost of the domain."""

    domain: str
    cookie: Register | None


@record
class BeginGracePeriod:
    domain: str


@record
class EndGracePeriod:
    """Comes once the sections that were open at the begin have been left."""

    domain: str


@record
class FreeObject:
    """The object that a register points to is freed."""

    thing: Register
    struct: str


@record
class FreeLater:
    """The grace period begins after which the object that a register points to is freed."""

    thing: Register
    struct: str
    domain: str


@record
class HaveObject:
    """An object is had; right after it is chosen which (`ChooseObject`)."""


@record
class TakeToken:
    """A register gets the next token."""

    into: int


@record
class Recall:
    """A register gets what `settled(E)` is, with the caches of the lane of this index within its
    kind where E reads any (else 0)."""

    into: int
    expression: Expression
    lane: int


@record
class BeginUpdate:
    """An update begins; `serial` says that updates run as under a mutex."""

    serial: bool


@record
class ReturnUpdate:
    pass


@record
class BeginInterrupt:
    """A round begins that interrupts the lane of this name, which has this number of all lanes."""

    name: str
    lane: int


@record
class EndInterrupt:
    name: str
    lane: int


@record
class InterruptsOff:
    """No round interrupts this lane from here on."""


@record
class InterruptsOn:
    pass


EventAction = (
    Read
    | Write
    | AwaitValue
    | Modify
    | Acquire
    | TryAcquire
    | Release
    | Barrier
    | WakeAll
    | EnterSection
    | LeaveSection
    | BeginGracePeriod
    | EndGracePeriod
    | FreeObject
    | FreeLater
    | HaveObject
    | TakeToken
    | Recall
    | BeginUpdate
    | ReturnUpdate
    | BeginInterrupt
    | EndInterrupt
    | InterruptsOff
    | InterruptsOn
)
