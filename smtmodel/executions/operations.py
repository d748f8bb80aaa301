"""What the actions of a program do: each function makes the operation of an action.

Takes the operands of the action, compiled, and where it stands; gives a function that changes a
`Frame` and returns the next place, or `BLOCKED`. `docs/semantics.md` is the law. `firsts` is given
where the object accessed may be free: the first location of the object of each location.
"""

from smtmodel.executions.event_actions import Modify
from smtmodel.executions.frame import BLOCKED, Buffered, Frame, Pure, Run
from smtmodel.executions.notes import Happened
from smtmodel.executions.valuation import Locate, NoValueError
from smtmodel.executions.values import (
    UNWRITTEN,
    Value,
    add,
    binary,
    holds,
    remainder,
    same,
    too_large,
)
from smtmodel.language.checked import (
    ADDS,
    LOOKS,
    OVERFLOW,
    TOKEN_BASE,
    UNWRITTEN_READ,
    FenceKind,
    Rmw,
    Where,
    Yields,
)
from smtmodel.source.record import record


@record
class Site:
    """Where an operation stands: its step, its block, the place after it.

    `buffered` says that lanes have store buffers; without them every effect is immediate. `named`
    says that runs are narrated, so that a state must tell deferred frees apart.
    """

    where: Where | None
    block: str
    next: int
    buffered: bool
    named: bool

    @property
    def number(self) -> int:
        return -1 if self.where is None else self.where.number

    def note(self, frame: Frame, event: str, subject: int | str = "", value: Value = None) -> None:
        if frame.notes is not None:
            frame.notes.append(Happened(event, self.where, self.block, subject, value))


Firsts = dict[int, int] | None


def read(site: Site, address: Locate, register: int, firsts: Firsts = None) -> Run:
    """One read of a location into a register."""
    after, buffered = site.next, site.buffered

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        value = frame.seen(location) if buffered else frame.memory[location]
        if frame.notes is not None:
            site.note(frame, "read", location, value)
        if firsts is not None:
            frame.use(location, firsts[location], site.where)
        if value is UNWRITTEN:
            frame.fail(UNWRITTEN_READ, site.where, location=location)
        else:
            frame.registers[register] = value
        return after

    return run


def await_value(site: Site, address: Locate, condition: Pure, register: int) -> Run:
    """One read, which cannot happen where its value makes the condition false.

    Where the condition has no value it happens: the error of the run comes after it.
    """

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        value = frame.seen(location)
        if value is not UNWRITTEN:
            frame.registers[register] = value
            if not _accepts(condition, frame.registers):
                return BLOCKED
        site.note(frame, "read", location, value)
        if value is UNWRITTEN:
            frame.fail(UNWRITTEN_READ, site.where, location=location)
        return site.next

    return run


def _accepts(condition: Pure, registers: list[Value]) -> bool:
    try:
        return holds(condition(registers))
    except NoValueError:
        return True


def read_ghost(site: Site, address: Locate, register: int) -> Run:
    """A ghost's read, no event: it always has a value, and nothing is free to a ghost."""

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        frame.registers[register] = frame.memory[location]
        return site.next

    return run


def write_ghost(site: Site, address: Locate, value: Pure) -> Run:
    """A ghost's write, no event."""

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        frame.write(location, value(frame.registers))
        return site.next

    return run


def write(site: Site, address: Locate, value: Pure, firsts: Firsts = None) -> Run:
    """One write; with store buffers it is put into the lane's own, and judged when flushed."""
    after, buffered, number = site.next, site.buffered, site.number

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        written = value(frame.registers)
        if frame.notes is not None:
            site.note(frame, "write", location, written)
        if buffered:
            frame.buffer = (*frame.buffer, (Buffered.WRITE, location, written, number))
            return after
        if firsts is not None:
            frame.use(location, firsts[location], site.where)
        frame.write(location, written)
        return after

    return run


def modify(
    site: Site,
    action: Modify,
    address: Locate,
    operands: tuple[Pure, ...],
    firsts: Firsts = None,
) -> Run:
    """One read and write at one instant; where it fails, only a read.

    It waits for the buffer. Only where one of LOOKS fails it does not: it looks first whether
    there is anything to do, and that is a read of its own before any locked instruction.
    """
    after, register = site.next, action.into
    looks = action.operation in LOOKS

    def run(frame: Frame) -> int:
        location = address(frame.registers)
        given = [operand(frame.registers) for operand in operands]
        before = frame.seen(location)
        fails = _fails(action, before, given)
        if frame.buffer and not (fails and looks):
            return BLOCKED
        nothing = fails or before is UNWRITTEN
        new = before if nothing else _stored(action, before, given)
        if frame.notes is not None:
            frame.notes.append(
                Happened("read", site.where, site.block, location, before)
                if nothing
                else Happened("modify", site.where, site.block, location, before, new)
            )
        if firsts is not None:
            frame.use(location, firsts[location], site.where)
        if before is UNWRITTEN:
            frame.fail(UNWRITTEN_READ, site.where, location=location)
            return after
        if _exceeds(action, before, given):
            frame.fail(OVERFLOW, site.where, ("result of +", add(before, given[0])))
            return after
        if not fails:
            frame.write(location, new)
        frame.registers[register] = _yielded(action, before, new, wrote=not fails)
        return after

    return run


def _fails(action: Modify, before: Value, given: list[Value]) -> bool:
    """Whether a read-modify-write writes nothing: an operation that may fail does so at a field
    that is not written."""
    match action.operation:
        case Rmw.COMPARE_EXCHANGE:
            return before is UNWRITTEN or not same(before, given[0])
        case Rmw.ADD_NOT_ZERO | Rmw.ADD_UNLESS | Rmw.ADD_POSITIVE:
            idle = before is UNWRITTEN or _finds_nothing(action, before, given)
            return idle or _exceeds(action, before, given)
        case Rmw.ADD:
            return _exceeds(action, before, given)
        case Rmw.EXCHANGE | Rmw.OR | Rmw.AND | Rmw.XOR | Rmw.CLEAR:
            return False


def _finds_nothing(action: Modify, before: Value, given: list[Value]) -> bool:
    """Whether an addition finds that there is nothing to do."""
    match action.operation:
        case Rmw.ADD_NOT_ZERO:
            return before == 0
        case Rmw.ADD_UNLESS:
            return before == given[1]
        case Rmw.ADD_POSITIVE:
            return not isinstance(before, int) or before <= 0
        case _:
            return False


def _exceeds(action: Modify, before: Value, given: list[Value]) -> bool:
    """Whether a sum is too large; it never is where nothing is added."""
    adds = action.operation in ADDS and not _finds_nothing(action, before, given)
    return adds and too_large(add(before, given[0]))


def _stored(action: Modify, before: Value, given: list[Value]) -> Value:
    """What a read-modify-write that does not fail leaves behind."""
    match action.operation:
        case Rmw.COMPARE_EXCHANGE | Rmw.EXCHANGE:
            return given[-1]
        case Rmw.ADD | Rmw.ADD_NOT_ZERO | Rmw.ADD_UNLESS | Rmw.ADD_POSITIVE:
            total = add(before, given[0])
            return total if action.width is None else remainder(total, 1 << action.width)
        case Rmw.OR | Rmw.AND | Rmw.XOR | Rmw.CLEAR:
            assert action.width is not None
            return remainder(binary(action.operation.value)(before, given[0]), 1 << action.width)


def _yielded(action: Modify, before: Value, after: Value, *, wrote: bool) -> Value:
    """What a read-modify-write is as a value."""
    match action.yields:
        case Yields.BEFORE:
            return before
        case Yields.AFTER:
            return after
        case Yields.SUCCESS:
            return int(wrote)


def barrier(site: Site, kind: FenceKind) -> Run:
    """A fence; only a full fence waits for the buffer."""

    def run(frame: Frame) -> int:
        if kind is FenceKind.FULL and frame.buffer:
            return BLOCKED
        site.note(frame, "fence", kind.value)
        return site.next

    return run


def take_token(site: Site, register: int) -> Run:
    """The next token."""

    def run(frame: Frame) -> int:
        frame.fresh += 1
        token = TOKEN_BASE + frame.fresh
        site.note(frame, "fresh", "", token)
        frame.registers[register] = token
        return site.next

    return run


def recall(site: Site, which: int, register: int) -> Run:
    """The value of a `settled(E)` at the latest settled instant."""

    def run(frame: Frame) -> int:
        value = frame.settled[which]
        site.note(frame, "settled", "", value)
        frame.registers[register] = value
        return site.next

    return run


def begin_update(site: Site, *, serial: bool) -> Run:
    """The begin of an update; under the implicit mutex it waits for the buffer."""

    def run(frame: Frame) -> int:
        if serial and frame.buffer:
            return BLOCKED
        site.note(frame, "begin")
        frame.progress += 1
        return site.next

    return run


def return_update(site: Site) -> Run:
    """The return of an update; with store buffers it passes through the lane's own."""

    def run(frame: Frame) -> int:
        site.note(frame, "return")
        if site.buffered:
            frame.buffer = (*frame.buffer, (Buffered.RETURN, 0, None, -1))
        else:
            frame.finish_update()
        return site.next

    return run


def choose(site: Site, register: int, value: int) -> Run:
    """One value of a free choice."""

    def run(frame: Frame) -> int:
        frame.registers[register] = value
        return site.next

    return run
