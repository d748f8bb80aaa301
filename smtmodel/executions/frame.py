"""A lane in motion: what a move of a machine works on, and what it notes down.

A `Frame` is the mutable copy of the parts of a state that a move of one lane may change. The
operations of a program (`smtmodel.executions.program`) run on it. Notes are taken only where
somebody wants to tell the run afterwards (`notes` is then a list).
"""

from collections.abc import Callable
from copy import copy
from enum import IntEnum
from typing import NamedTuple

from smtmodel.executions.notes import Failed, Freed, Note, Wrote
from smtmodel.executions.values import Memory, Value
from smtmodel.language.checked import LOCK_MISUSE, USE_AFTER_FREE, Where
from smtmodel.source.record import field, record

RUNNING, ENDED, AT_ASSUME, AT_CUT, AT_ERROR = range(5)
"""How a lane is: the last three have stopped for good. Plain numbers: they are compared often."""

BLOCKED = -1
"""What an event operation returns where it cannot happen now, instead of the next place."""

ASLEEP = -2
"""What an event operation returns where the lane falls asleep before it instead."""

AWAKE = ""
"""Where a lane sleeps that does not: else it is the name of a queue."""


class Buffered(IntEnum):
    """What waits in a store buffer."""

    WRITE = 0
    UNLOCK = 1
    LEAVE = 2
    RETURN = 3
    FREE = 4
    DEFER = 5


Entry = tuple[int, int, Value, int]
"""(which; the location, lock, section number or object; the value written, the object of a lock,
the section's domain, the object's struct, or (struct, domain, number) of a deferred free; the
number of its step)."""

Section = tuple[int, int]
"""(domain, number): the number tells a lane's sections in memory apart; it is -1 of an inner RCU
section."""

Holder = int | tuple[int, ...]
"""Who holds a lock: NOBODY, a lane, or the lanes that hold it as readers, sorted (never none)."""

NOBODY = -1

Object = tuple[int, int]
"""(first location, number of its struct)."""


class LaneState(NamedTuple):
    """A lane at rest: before an event, or stopped. `registers` are those still needed.

    `sections` are the sections entered and not yet left in the lane's own order, `buffer` the
    oldest entry first, `allocated` the locations used in the lane's room for objects, `kept`
    the last values of the locals that properties name.
    """

    pc: int
    status: int
    round: int
    registers: tuple[Value, ...]
    sections: tuple[Section, ...]
    buffer: tuple[Entry, ...]
    allocated: int
    kept: tuple[Value, ...]


class Pending(NamedTuple):
    """A deferred free whose grace period has begun: the `number`-th (from 0) that `lane` reached.

    `waits` are the (lane, section number) pairs that it still waits for. Lane and number are 0
    unless runs are narrated: they tell states apart that go on alike.
    """

    lane: int
    number: int
    location: int
    struct: int
    waits: tuple[tuple[int, int], ...]


class Rare(NamedTuple):
    """What only protocols need that free objects, have interrupts or sleep; the others pay for
    this field alone.

    `free` are the objects that are free and `pending` the deferred frees, both sorted; `reached`
    counts the deferred frees that each lane has reached, where runs are narrated; `interrupted` has
    for each lane the lane that interrupts it, itself while it keeps interrupts off, or NOBODY
    (nothing where nothing interrupts); `asleep` the queue that it sleeps at, or AWAKE (nothing
    where nothing sleeps). `kept` has free objects whose memory is still there, by their first
    location, sorted, each with the (lane, section number) pairs that keep it.
    """

    free: tuple[Object, ...] = ()
    pending: tuple[Pending, ...] = ()
    reached: tuple[int, ...] = ()
    interrupted: tuple[int, ...] = ()
    asleep: tuple[str, ...] = ()
    kept: tuple[tuple[int, tuple[tuple[int, int], ...]], ...] = ()


class Shared(NamedTuple):
    """All of a state that lanes share: what a lane can do depends on this and on the lane alone.

    `locks` has the holder of each lock; `open` for each lane its sections whose
    leave has not taken effect; `waits` for each lane the (lane, section number) pairs that its
    grace period still waits for; `fresh` counts the tokens so far; `progress` the updates in
    progress; `returned` is 1 once an update has returned; `settled` has the value of each
    `settled(E)` at the latest settled instant.
    """

    memory: Memory
    locks: tuple[Holder, ...]
    open: tuple[tuple[Section, ...], ...]
    waits: tuple[tuple[tuple[int, int], ...], ...]
    fresh: int
    progress: int
    returned: int
    settled: tuple[Value, ...]
    rare: Rare


class State(NamedTuple):
    """A state of the whole machine."""

    shared: Shared
    lanes: tuple[LaneState, ...]


@record(frozen=False)
class Frame:
    """The fields of `Shared` and `LaneState`, with all registers of the lane.

    `index` is the lane's number; `region` the atomic block that it is inside of, 0 for none;
    `begun` and `cuts` are the machine's, `guards` the layout's.
    """

    index: int
    pc: int
    status: int
    round: int
    registers: list[Value]
    sections: tuple[Section, ...]
    buffer: tuple[Entry, ...]
    allocated: int
    kept: tuple[Value, ...]
    memory: Memory
    locks: tuple[Holder, ...]
    open: tuple[tuple[Section, ...], ...]
    waits: tuple[tuple[tuple[int, int], ...], ...]
    fresh: int
    progress: int
    returned: int
    settled: tuple[Value, ...]
    rare: Rare
    begun: set[int]
    cuts: set[int]
    notes: list[Note] | None = None
    region: int = 0
    judged: list[str] = field(default_factory=list)
    violated: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    guards: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def fork(self) -> "Frame":
        """A copy that can go another way."""
        twin = copy(self)
        twin.registers = self.registers[:]
        twin.judged, twin.violated = self.judged[:], self.violated[:]
        twin.choices = self.choices[:]
        twin.notes = None if self.notes is None else self.notes[:]
        return twin

    def write(self, location: int, value: Value) -> None:
        """Let a write take effect in memory."""
        memory = self.memory
        if self.notes is not None:
            self.notes.append(Wrote(location, memory[location], value))
        self.memory = (*memory[:location], value, *memory[location + 1 :])

    def seen(self, location: int) -> Value:
        """What the lane reads: its newest buffered write, else memory."""
        for which, place, value, _ in reversed(self.buffer):
            if which == Buffered.WRITE and place == location:
                return value
        return self.memory[location]

    def blame(
        self,
        name: str,
        where: Where | None,
        location: int | None = None,
        *,
        whole: bool = False,
        facts: tuple[tuple[str, Value], ...] = (),
        held: tuple[str, ...] = (),
    ) -> None:
        """A property is violated; the lane goes on."""
        self.violated.append(name)
        if self.notes is not None:
            self.notes.append(Failed(name, where, (), facts, location, whole, held))

    def fail(
        self,
        name: str,
        where: Where | None,
        *facts: tuple[str, Value],
        location: int | None = None,
    ) -> None:
        """An error of the run: the lane stops for good."""
        self.blame(name, where, location, facts=facts)
        self.status = AT_ERROR

    def use(self, location: int, first: int, where: Where | None, *, whole: bool = False) -> None:
        """A location of the object that begins at `first` is read or written, or with `whole` a
        lock of it is taken or released."""
        if self.is_free(first) and all(location != first for location, _ in self.rare.kept):
            self.blame(USE_AFTER_FREE, where, location, whole=whole)

    def is_free(self, first: int) -> bool:
        return any(location == first for location, _ in self.rare.free)

    def free(self, thing: Object, where: Where | None, typesafe: dict[int, int]) -> None:
        """An object becomes free; to free it again is a use, and to free it while a lane holds a
        lock of it a misuse. For structs that are `typesafe` the domain is given whose open sections
        keep its memory."""
        first, struct = thing
        if any(self.locks[lock + first] != NOBODY for lock in self.guards.get(struct, ())):
            self.blame(LOCK_MISUSE, where, first, whole=True)
        if self.is_free(first):
            self.blame(USE_AFTER_FREE, where, first, whole=True)
            return
        self.rare = self.rare._replace(free=tuple(sorted((*self.rare.free, thing))))
        sections = self.sections_of(typesafe[struct]) if struct in typesafe else ()
        if sections:
            self.rare = self.rare._replace(kept=tuple(sorted((*self.rare.kept, (first, sections)))))
        if self.notes is not None:
            self.notes.append(Freed(first))

    def defer(self, number: int, thing: Object, domain: int, *, named: bool) -> None:
        """The grace period of a deferred free begins; `named` says that runs are narrated."""
        waits = self.sections_of(domain)
        lane, number = (self.index, number) if named else (0, 0)
        self._hang((*self.rare.pending, Pending(lane, number, *thing, waits)))

    def count_deferred(self) -> int:
        """The number, from 0, of the deferred free that the lane reaches now."""
        reached = list(self.rare.reached)
        reached[self.index] += 1
        self.rare = self.rare._replace(reached=tuple(reached))
        return reached[self.index] - 1

    def _hang(self, pending: tuple[Pending, ...]) -> None:
        self.rare = self.rare._replace(pending=tuple(sorted(pending)))

    def interrupt(self, lane: int, by: int) -> None:
        """From now on a lane is interrupted by another, or by NOBODY."""
        now = self.rare.interrupted
        self.rare = self.rare._replace(interrupted=(*now[:lane], by, *now[lane + 1 :]))

    def sleep(self, queue: str) -> None:
        """The lane falls asleep at a queue."""
        now = self.rare.asleep
        asleep = (*now[: self.index], queue, *now[self.index + 1 :])
        self.rare = self.rare._replace(asleep=asleep)

    def wake(self, queue: str) -> None:
        """Every lane that sleeps at the queue wakes up."""
        asleep = tuple(AWAKE if at == queue else at for at in self.rare.asleep)
        self.rare = self.rare._replace(asleep=asleep)

    def sections_of(self, domain: int) -> tuple[tuple[int, int], ...]:
        """The sections of a domain that are open, as (lane, number) pairs."""
        return tuple(
            (index, number)
            for index, sections in enumerate(self.open)
            for of, number in sorted(sections)
            if of == domain
        )

    def open_section(self, domain: int) -> int:
        """Enter a section; gives the smallest number that none of the lane's open ones has."""
        mine = self.open[self.index]
        used = {number for _, number in mine}
        number = 0
        while number in used:
            number += 1
        self.sections = (*self.sections, (domain, number))
        self._reopen((*mine, (domain, number)))
        return number

    def close_section(self, number: int) -> None:
        """A leave takes effect: no grace period waits for the section any more."""
        self._reopen(tuple(s for s in self.open[self.index] if s[1] != number))
        left = (self.index, number)
        self.waits = tuple(tuple(s for s in wait if s != left) for wait in self.waits)
        if self.rare.kept:
            kept = ((at, tuple(s for s in by if s != left)) for at, by in self.rare.kept)
            self.rare = self.rare._replace(kept=tuple(one for one in kept if one[1]))
        if self.rare.pending:
            self._hang(
                tuple(
                    late._replace(waits=tuple(s for s in late.waits if s != left))
                    for late in self.rare.pending
                )
            )

    def _reopen(self, sections: tuple[Section, ...]) -> None:
        self.open = (*self.open[: self.index], sections, *self.open[self.index + 1 :])

    def hold(self, lock: int, holder: Holder) -> None:
        self.locks = (*self.locks[:lock], holder, *self.locks[lock + 1 :])

    def holds(self, lock: int) -> bool:
        """Whether the lane holds a lock in its own order: an unlock may still be buffered."""
        holder = self.locks[lock]
        held = self.index in holder if isinstance(holder, tuple) else holder == self.index
        return held and not any(e[:2] == (Buffered.UNLOCK, lock) for e in self.buffer)

    def finish_update(self) -> None:
        """The return of an update takes effect."""
        self.progress -= 1
        self.returned = 1


Run = Callable[[Frame], int]
"""An operation; gives the next place of the program, or BLOCKED."""

Offer = Callable[[Frame], tuple[tuple[str, Run], ...]]
"""What can be chosen where that depends on the state: the texts and what they do."""

Pure = Callable[[list[Value]], Value]
"""A value computed from the registers alone."""
