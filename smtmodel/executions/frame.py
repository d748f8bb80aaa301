"""A lane in motion: what one move of a machine works on, and what it notes down.

A `Frame` is the mutable copy of the parts of a state that a move of one lane may change. The
operations of a program (`smtmodel.executions.program`) run on it. Notes are taken only where
somebody wants to tell the run afterwards (`notes` is then a list).
"""

from collections.abc import Callable
from copy import copy
from enum import IntEnum
from typing import NamedTuple

from smtmodel.executions.values import Memory, Value
from smtmodel.language.checked import Where
from smtmodel.source.record import field, record

RUNNING, ENDED, AT_ASSUME, AT_CUT, AT_ERROR = range(5)
"""How a lane is: the last three have stopped for good. Plain numbers: they are compared often."""

BLOCKED = -1
"""What an event operation returns instead of the next place where it cannot happen now."""


class Buffered(IntEnum):
    """What waits in a store buffer."""

    WRITE = 0
    UNLOCK = 1
    LEAVE = 2
    RETURN = 3


Entry = tuple[int, int, Value, int]
"""(which; the location, lock or section number; the value written or the section's domain; the
number of its step)."""

Section = tuple[int, int]
"""(domain, number); the number tells a lane's sections in memory apart, an inner RCU one has -1."""


@record
class Began:
    """Control reached a step."""

    where: Where


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
class Failed:
    """A property was violated; `facts` are the reads of the condition and their values."""

    name: str
    where: Where | None
    facts: tuple[tuple[str, Value], ...] = ()


@record
class Ran:
    """A round began with this block."""

    block: str


Note = Began | Happened | Assigned | Wrote | Allocated | Failed | Ran


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


class Shared(NamedTuple):
    """All of a state that lanes share: what a lane can do depends on this and on the lane alone.

    `locks` has the lane that holds each lock or -1; `open` for each lane its sections whose
    leave has not taken effect; `waits` for each lane the (lane, section number) pairs that its
    grace period still waits for; `fresh` counts the tokens so far; `progress` the updates in
    progress; `returned` is 1 once an update has returned; `ghosts` has the value of each
    `settled(E)` at the latest settled instant.
    """

    memory: Memory
    locks: tuple[int, ...]
    open: tuple[tuple[Section, ...], ...]
    waits: tuple[tuple[tuple[int, int], ...], ...]
    fresh: int
    progress: int
    returned: int
    ghosts: tuple[Value, ...]


class State(NamedTuple):
    """A state of the whole machine."""

    shared: Shared
    lanes: tuple[LaneState, ...]


@record(frozen=False)
class Frame:
    """`lanes` are the lanes of the state before the move, read-only; the rest is the copy.

    `region` is the atomic block that the lane is inside of, 0 for none.
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
    locks: tuple[int, ...]
    open: tuple[tuple[Section, ...], ...]
    waits: tuple[tuple[tuple[int, int], ...], ...]
    fresh: int
    progress: int
    returned: int
    ghosts: tuple[Value, ...]
    begun: set[int]
    cuts: set[int]
    judged: set[str]
    notes: list[Note] | None = None
    region: int = 0
    violated: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)

    def fork(self) -> "Frame":
        """A copy that can go another way."""
        twin = copy(self)
        twin.registers = self.registers[:]
        twin.violated = self.violated[:]
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

    def fail(self, name: str, where: Where | None) -> None:
        """An error of the run: the lane stops for good."""
        self.violated.append(name)
        self.status = AT_ERROR
        if self.notes is not None:
            self.notes.append(Failed(name, where))

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

    def _reopen(self, sections: tuple[Section, ...]) -> None:
        self.open = (*self.open[: self.index], sections, *self.open[self.index + 1 :])

    def release(self, lock: int) -> None:
        self.locks = (*self.locks[:lock], -1, *self.locks[lock + 1 :])

    def finish_update(self) -> None:
        """The return of an update takes effect."""
        self.progress -= 1
        self.returned = 1


Run = Callable[[Frame], int]
"""An operation; gives the next place of the program, or BLOCKED."""

Pure = Callable[[list[Value]], Value]
"""A value computed from the registers alone."""
