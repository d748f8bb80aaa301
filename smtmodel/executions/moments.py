"""The notes of a move as readable moments of a trace.

Takes the notes that a move of the machine left, in order; gives the `Moment`s, and in each the
local steps that happen together with the event.
"""

from typing import assert_never

from smtmodel.executions.layout import Layout
from smtmodel.executions.notes import (
    Allocated,
    Assigned,
    Began,
    Decided,
    Failed,
    Freed,
    Happened,
    Note,
    Ran,
    Wrote,
)
from smtmodel.executions.rendering import Names
from smtmodel.executions.trace import Change, LocalStep, Moment
from smtmodel.executions.values import PointerValue, Value
from smtmodel.language.checked import Asserted, Shape, StepPlace, Where
from smtmodel.language.locals import is_told
from smtmodel.source.record import field, record, replace


@record(frozen=False)
class _Part:
    """What belongs together of a move: an event, or a step that has had none (`head` is None)."""

    where: Where | None
    head: Happened | None = None
    enters: bool = False
    begins: bool = True
    changes: list[Change] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)

    def is_of(self, where: Where | None) -> bool:
        """Whether this is of the step with that text."""
        return where is not None and self.where is not None and self.where.place == where.place

    @property
    def outcome(self) -> str:
        return ", ".join(self.outcomes)


@record(frozen=False)
class Teller:
    """Tells a run; keeps the names of objects, and the blocks that each lane has run.

    `begun` are the steps that lanes have begun and that have had no event since, `latest` the
    last step of each lane that had one; `met` the locations that were accessed.
    """

    layout: Layout
    buffered: bool
    names: Names
    shapes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=dict)
    begun: set[tuple[str, StepPlace]] = field(default_factory=set)
    latest: dict[str, StepPlace] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def tell(self, lane: str, notes: tuple[Note, ...], stands: Where | None = None) -> list[Moment]:
        """The moments of a move of a lane that `stands` before an event of that step afterwards;
        a moment without an event if the move had none."""
        opening: list[LocalStep] = []
        moments: list[Moment] = []
        part = _Part(None)
        for note in notes:
            after = self._after(lane, part, note)
            if after is not part:
                self._close(lane, part, opening, moments)
                part = after
            self._add(lane, part, note)
        if part.head is not None or not part.is_of(stands) or part.outcomes:
            self._close(lane, part, opening, moments)
        if not moments:
            block = self.blocks[lane][-1]
            idle = _Part(None, Happened("local", None, block))
            self._close(lane, idle, opening, moments)
        return [replace(moments[0], opening=tuple(opening)), *moments[1:]]

    def _after(self, lane: str, part: _Part, note: Note) -> _Part:
        """The part that a note belongs to: a new one, or the one so far."""
        match note:
            case Happened() if part.head is None and part.is_of(note.where):
                part.head, part.begins = note, self._begins(lane, note)
                return part
            case Happened():
                return _Part(note.where, note, begins=self._begins(lane, note))
            case Began(where=where, goes_on=goes_on, enters=enters):
                if not goes_on:
                    self.begun.add((lane, where.place))
                return part if goes_on and part.is_of(where) else _Part(where, enters=enters)
            case Ran():  # what comes before it is of the round before
                return _Part(None)
            case _:
                return part

    def _add(self, lane: str, part: _Part, note: Note) -> None:
        """Take down what a note says of its part."""
        match note:
            case Happened():
                self._meet(note)
            case Wrote(location=location, before=before, after=after):
                shape = self.shapes.get(location, ())
                part.changes.append(self._change(self._place(lane, location), before, after, shape))
            case Assigned(name=name, before=before, after=after):
                if is_told(name):
                    fields = self.layout.protocol.block(self.blocks[lane][-1]).fields(name)
                    part.changes.append(self._change(name, before, after, fields))
            case Allocated(location=location, struct=struct):
                self.names.allocated(location, struct)
            case Freed(location=location, had=had):
                states = ("free", "in use") if had else ("in use", "free")
                part.changes.append(Change(self.names.object(location), *states))
            case Ran(block=block):
                self.blocks.setdefault(lane, []).append(block)
            case Decided(outcome=outcome):
                part.outcomes.append(outcome)
            case Failed(name=name):
                part.outcomes.append(self._failure(name))
            case Began():
                pass
            case _:
                assert_never(note)

    def _failure(self, name: str) -> str:
        """How a step comes out that violates a property, in words."""
        properties = self.layout.protocol.properties
        item = next((one for one in properties if one.name == name), None)
        if not isinstance(item, Asserted):
            return name
        return "is reached" if item.unreachable else "fails"

    def _close(
        self, lane: str, part: _Part, opening: list[LocalStep], moments: list[Moment]
    ) -> None:
        """Make a moment of an event; a local step belongs to the event before it."""
        if part.head is not None:
            moments.append(self._moment(lane, part, part.head))
            return
        if part.where is None or (part.enters and not part.changes and not part.outcomes):
            return
        where, count = part.where, self._round(lane)
        step = LocalStep(lane, where.block, count, where, tuple(part.changes), part.outcome)
        if moments:
            moments[-1] = replace(moments[-1], local=(*moments[-1].local, step))
        else:
            opening.append(step)

    def _round(self, lane: str) -> int:
        """The round that a lane is in, from 1."""
        return max(1, len(self.blocks.get(lane, [])))

    def start(self) -> tuple[tuple[str, str], ...]:
        """What the pointers that were accessed pointed to at the start."""
        initial = self.layout.initial
        return tuple(
            (name, self.names.value(initial[place]))
            for place in dict.fromkeys((*self.layout.names, *self.names.fields))
            if initial[place] is None or isinstance(initial[place], PointerValue)
            if (name := self.names.location(place)) in self.met
        )

    def _place(self, lane: str, location: int) -> str:
        """A location as this lane sees it: another lane's entry of a cache says whose it is."""
        owner, name = self.layout.owners.get(location, lane), self.names.location(location)
        return name if owner == lane else f"{name} of {owner}"

    def _change(self, what: str, before: Value, after: Value, fields: tuple[str, ...]) -> Change:
        return Change(what, self.names.value(before, fields), self.names.value(after, fields))

    def _meet(self, note: Happened) -> None:
        """Let objects get their letters in the order in which the run meets them."""
        if isinstance(note.subject, int):
            self.met.add(self.names.location(note.subject))
        self.names.value(note.value)

    def _moment(self, lane: str, part: _Part, head: Happened) -> Moment:
        subject = head.subject
        place = self._place(lane, subject) if isinstance(subject, int) else ""
        is_object = isinstance(head.value, PointerValue) and not place
        about_object = is_object and head.event not in ("fresh", "settled")
        return Moment(
            lane,
            head.block,
            head.where,
            head.event,
            self._detail(lane, head),
            tuple(part.changes),
            part.begins,
            place,
            subject if isinstance(subject, str) else "",
            self.names.value(head.value) if about_object else "",
            self._round(lane),
            part.outcome,
        )

    def _begins(self, lane: str, note: Happened) -> bool:
        """Whether an event is the first of its step: the step was begun since the last one."""
        if note.where is None or note.event == "flush":
            return True
        place = note.where.place
        first = (lane, place) in self.begun or self.latest.get(lane) != place
        self.begun.discard((lane, place))
        self.latest[lane] = place
        return first

    def _detail(self, lane: str, note: Happened) -> str:
        if isinstance(note.subject, str):
            return self._named(note, note.subject)
        place = self._place(lane, note.subject)
        shape = self.shapes.get(note.subject, ())
        value = self.names.value(note.value, shape)
        match note.event:
            case "read":
                return f"{place} -> {value}"
            case "modify":
                return f"{place}: {value} -> {self.names.value(note.written, shape)}"
            case "write" if self.buffered:
                return f"{place} = {value} (into the store buffer)"
            case _:
                return f"{place} = {value}"

    def _named(self, note: Happened, subject: str) -> str:
        """An event at no location in words: at an object, or with the name of its subject."""
        value = self.names.value(note.value)
        buffered = " (into the store buffer)" if self.buffered else ""
        match note.event, subject:
            case "fresh" | "settled", _:
                return value
            case "alloc", "new":
                return f"{value} is new"
            case "alloc", _:
                return f"{value} is allocated again"
            case "free", _:
                return f"free {value}{buffered}"
            case "grace period begins", "":
                return f"grace period begins for {value}{buffered}"
            case "flush", "defer":
                return f"grace period begins for {value}"
            case ("callback", _) | ("flush", "free"):
                return f"{value} is freed"
            case _ if isinstance(note.value, PointerValue) and "." in subject:  # an object's lock
                return f"{value}.{subject.partition('.')[2]}"
            case _:
                return subject


def teller(layout: Layout, *, buffered: bool) -> Teller:
    """A teller at the start of a run, which has met the objects of the start."""
    names = Names(layout)
    names.start(layout.initial)
    shapes: dict[int, tuple[str, ...]] = {}
    for variable in layout.protocol.variables:
        if variable.shape in (Shape.WORD, Shape.CACHE, Shape.SHARED_CACHE):
            for location, name in layout.names.items():
                if name.partition("[")[0] == variable.name:
                    shapes[location] = variable.fields
    return Teller(layout, buffered, names, shapes)


def steps_taken(moves: list[tuple[str, tuple[Note, ...]]]) -> int:
    """How many times steps were begun that then had an event, over all lanes."""
    begun: dict[tuple[str, StepPlace], int] = {}
    taken: set[tuple[str, StepPlace, int]] = set()
    for lane, notes in moves:
        for note in notes:
            if isinstance(note, Began):
                key = (lane, note.where.place)
                begun[key] = begun.get(key, 0) + (not note.goes_on)
            elif isinstance(note, Happened) and note.event != "flush" and note.where is not None:
                key = (lane, note.where.place)
                taken.add((*key, begun.get(key, 0)))
    return len(taken)
