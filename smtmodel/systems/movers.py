"""Which events happen together, so that nobody can tell.

An event is a *right mover* if it may as well happen later, after what other lanes do next, and a
*left mover* if it may as well happen earlier, before what they did last. Right movers, then any
event, then left movers are taken as one step of the lane (Lipton, 1975): each run has one like it
in which nothing of others comes in between. Left out are only states in the middle of such a step,
and no mover changes anything that a property looks at. What waits is only ever the first event of
a step, so that whoever has begun one ends it.

- taking a lock moves right and releasing it left, where nobody else tells whether it is held;
- leaving a section moves left: it only makes others wait less. Where no lane waits inside of a
  section of a domain, entering one moves right and a grace period's begin left: what is waited for
  then is less than before, which only shows more, and is a run as well;
- a read moves both ways if no other lane writes what it reads, a write if no other lane and no
  property so much as reads it; locks that a lane holds at the event, and others at theirs, keep
  them apart, and nobody else knows an object that has not been published;
- the begin of the only update moves right where nobody else writes what `settled` is about.

Lanes that interrupt others are not looked at: none of their events moves.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from smtmodel.executions import event_actions, local_actions
from smtmodel.executions.actions import EVENT, Action, kind_of, sets_of, written_by
from smtmodel.executions.event_actions import (
    Acquire,
    AwaitValue,
    BeginUpdate,
    EndGracePeriod,
    EnterSection,
    Modify,
    Read,
    Recall,
    Release,
    TakeToken,
    TryAcquire,
    Write,
)
from smtmodel.executions.program import Program
from smtmodel.executions.terms import (
    Absolute,
    Address,
    InObject,
    Register,
    name_of,
    registers_in,
)
from smtmodel.language.checked import (
    RCU,
    Cell,
    Checked,
    Element,
    Lock,
    Member,
    Never,
    Shape,
    Through,
    freed_structs,
)
from smtmodel.source.record import parts, record

Set = frozenset[int]
T = TypeVar("T")
Pointing = tuple[int, bool]
"""A register, and whether it points to an object that nobody else knows, or certainly to none such.
Of a register that may do either, nothing is said."""


@record
class Access:
    """What an event or a ghost step does to memory. `name` is shared by all that may be one
    location; `locks` are those that the lane holds."""

    lane: int
    name: str
    writes: bool
    locks: frozenset[str]


@record
class Movers:
    """The events of a lane, by their places. `waiting` are those that may have to wait, and those
    in an atomic block with such an event."""

    right: Set = frozenset()
    left: Set = frozenset()
    waiting: Set = frozenset()
    blocks: Set = frozenset()

    def follows(self, place: int, *, begun: bool) -> bool:
        """Whether the event at a place belongs to the step before it; `begun`: not all of that
        were right movers."""
        if place in self.waiting:
            return False
        return place in self.left - self.blocks if begun else True


def movers_of(protocol: Checked, programs: tuple[Program, ...]) -> tuple[Movers, ...]:
    """Those of each lane."""
    actions = [op.action for program in programs for op in program.ops]
    if any(isinstance(one, INTERRUPTING) for one in actions):
        return unmoved(programs)
    known = _Programs(protocol, programs)
    return tuple(known.movers(lane) for lane in range(len(programs)))


INTERRUPTING = (
    event_actions.BeginInterrupt,
    event_actions.EndInterrupt,
    event_actions.InterruptsOff,
    event_actions.InterruptsOn,
)
WAITING = Acquire | AwaitValue | EndGracePeriod
"""Events that may have to wait."""


def unmoved(programs: tuple[Program, ...]) -> tuple[Movers, ...]:
    """No event moves."""
    return tuple(Movers(waiting=frozenset(range(len(one.ops)))) for one in programs)


class _Programs:
    """The programs of all lanes, and what they do to memory."""

    def __init__(self, protocol: Checked, programs: tuple[Program, ...]) -> None:
        self.protocol = protocol
        self.programs = programs
        self.freed = freed_structs(protocol)
        self.held = [_along(program, frozenset(), _locks) for program in programs]
        self.pointing = [_along(one, _strangers(one), _pointing) for one in programs]
        self.accesses = [one for lane in range(len(programs)) for one in self._accesses(lane)]
        judged = [one for one in protocol.properties if isinstance(one, Never)]
        actions = [op.action for program in programs for op in program.ops]
        recalled = [one.expression for one in actions if isinstance(one, Recall)]
        self.settled = frozenset(_names(recalled))
        self.seen = frozenset(_names([*judged, *recalled]))

    def movers(self, lane: int) -> Movers:
        program = self.programs[lane]
        events = [n for n, op in enumerate(program.ops) if kind_of(op.action) == EVENT]
        waiting = {n for n in events if isinstance(program.ops[n].action, WAITING)}
        regions = {program.ops[n].region for n in waiting} - {0}
        alone = [n for n in events if not self._ghosts(program, n)]
        return Movers(
            frozenset(n for n in alone if self._moves(lane, n, right=True)),
            frozenset(n for n in alone if self._moves(lane, n, right=False)),
            frozenset(waiting | {n for n in events if program.ops[n].region in regions}),
            frozenset(n for n in events if program.ops[n].region),
        )

    def _moves(self, lane: int, place: int, *, right: bool) -> bool:
        match self.programs[lane].ops[place].action:
            case event_actions.Barrier() | event_actions.WakeAll():
                return True
            case Acquire(side=side):
                return right and not self._told(lane, side.lock)
            case Release(side=side):
                return not right and not self._told(lane, side.lock)
            case EndGracePeriod():
                return right
            case EnterSection(domain=domain):
                return right and self._quiet(domain)
            case event_actions.LeaveSection():
                return not right
            case event_actions.BeginGracePeriod(domain=domain):
                return not right and self._quiet(domain)
            case TakeToken():
                return not any(
                    isinstance(op.action, TakeToken)
                    for other in self._others(lane)
                    for op in other.ops
                )
            case BeginUpdate():
                return right and self._only_update(lane)
            case Read() | Write() | Modify():
                return all(self._apart(one) for one in self._access(lane, place))
            case _:
                return False

    def _others(self, lane: int) -> Iterator[Program]:
        yield from (other for other in self.programs if other.index != lane)

    def _told(self, lane: int, lock: Lock) -> bool:
        """Whether another lane may tell whether the lock is held: who tries to take it, frees the
        object that it lies in, or has a new one."""
        tries = [op.action for other in self._others(lane) for op in other.ops]
        tried = any(isinstance(one, TryAcquire) and one.side.lock == lock for one in tries)
        return tried or bool(lock.struct)

    def _quiet(self, domain: str) -> bool:
        """Whether no lane waits inside of a section of the domain, and none keeps free memory."""
        if self.freed and domain == RCU:
            return False
        for program in self.programs:
            actions = [op.action for op in program.ops]
            enters = any(isinstance(a, EnterSection) and a.domain == domain for a in actions)
            if enters and any(isinstance(a, WAITING) for a in actions):
                return False
        return True

    def _only_update(self, lane: int) -> bool:
        """Whether nobody else updates, or writes what `settled` is about."""
        for other in self._others(lane):
            if any(isinstance(op.action, BeginUpdate) for op in other.ops):
                return False
        foreign = {one.name for one in self.accesses if one.lane != lane and one.writes}
        return not self.settled & {name.partition("@")[0] for name in foreign}

    @staticmethod
    def _ghosts(program: Program, place: int) -> bool:
        """Whether a ghost is read or written together with the event."""
        behind = program.until_event(program.following(place))
        ghosts = local_actions.ReadGhost | local_actions.WriteGhost
        return any(isinstance(program.ops[after].action, ghosts) for after in behind)

    # ------------------------------------------------------------ memory

    def _accesses(self, lane: int) -> Iterator[Access]:
        for place in range(len(self.programs[lane].ops)):
            yield from self._access(lane, place)

    def _access(self, lane: int, place: int) -> Iterator[Access]:
        """What an action does to memory that somebody else may know."""
        action = self.programs[lane].ops[place].action
        address: Address | None = getattr(action, "address", None)
        if address is None or self._is_private(lane, place, address):
            return
        locks = self.held[lane][place] or frozenset()
        yield Access(lane, self._name(address), written_by(action) is not None, locks)

    def _is_private(self, lane: int, place: int, address: Address) -> bool:
        known = self.pointing[lane][place] or frozenset()
        return isinstance(address, InObject) and (address.pointer.number, True) in known

    def _name(self, address: Address) -> str:
        """The entries of a cache that lanes have of their own are told apart."""
        match address:
            case Absolute(name=name, location=location):
                variable = self.protocol.variable(name.partition(".")[0])
                return f"{name}@{location}" if variable.shape is Shape.CACHE else name
            case _:
                return name_of(address)

    def _apart(self, one: Access) -> bool:
        """Whether no other lane's access can tell when this comes."""
        if one.name.partition("->")[0] in self.freed:
            return False
        if one.writes and one.name.partition("@")[0] in self.seen:
            return False
        return not any(
            other.name == one.name and (one.writes or other.writes) and not one.locks & other.locks
            for other in self.accesses
            if other.lane != one.lane
        )


def _names(things: Iterable[object]) -> Iterator[str]:
    """What expressions read, by the names of addresses."""
    for part in parts(tuple(things)):
        match part:
            case Cell(variable=name) | Element(variable=name):
                yield name
            case Member(variable=name, field=field):
                yield f"{name}.{field}"
            case Through(struct=struct, field=field):
                yield f"{struct}->{field}"
            case _:
                pass


# ---------------------------------------------------------------- what holds wherever a place is


def _along(
    program: Program, start: frozenset[T], after: Callable[[Action, frozenset[T]], frozenset[T]]
) -> list[frozenset[T] | None]:
    """What holds at each place on every way there; None where there is no way."""
    known: list[frozenset[T] | None] = [None] * len(program.ops)
    known[0], waiting = start, [0]
    while waiting:
        place = waiting.pop()
        before = known[place]
        assert before is not None
        holding = after(program.ops[place].action, before)
        for following in program.following(place):
            old = known[following]
            new = holding if old is None else old & holding
            if new != old:
                known[following] = new
                waiting.append(following)
    return known


def _locks(action: Action, held: frozenset[str]) -> frozenset[str]:
    """The locks that are held; of those with two sides and of several under one name nothing is
    known."""
    match action:
        case Acquire(side=side) if side.at is None and not side.lock.kind.sided:
            return held | {side.lock.name}
        case Release(side=side):
            return held - {side.lock.name}
        case _:
            return held


def _strangers(program: Program) -> frozenset[Pointing]:
    """No register points to an object of the lane's own."""
    return frozenset((register, False) for register in range(program.registers))


def _pointing(action: Action, known: frozenset[Pointing]) -> frozenset[Pointing]:
    """What an action makes of that. Where it lets others see what a register holds that may point
    to an object of the lane's own, no object is its own any more."""
    match action:
        case local_actions.MakeObject(into=into):
            return _set(known, into, (True,))
        case (
            local_actions.Compute(into=into, value=Register(number=number))
            | local_actions.Dereference(into=into, pointer=Register(number=number))
        ):
            return _set(known, into, (own for register, own in known if register == number))
        case Read(into=into):
            return _set(known, into, (False,))
        case local_actions.JumpIf() | local_actions.Arrive() | local_actions.Jump():
            return known
        case Write(value=shown) | shown:
            if any((number, False) not in known for number in registers_in(shown)):
                known = frozenset((register, False) for register, _ in known)
            for into in sets_of(action):
                known = _set(known, into, (False,))
            return known


def _set(known: frozenset[Pointing], into: int, owns: Iterable[bool]) -> frozenset[Pointing]:
    others = frozenset(one for one in known if one[0] != into)
    return others | {(into, own) for own in owns}
