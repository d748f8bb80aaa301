"""The notes of a move as readable moments of a trace.

Takes the notes that a move of the machine left, in order; gives the `Moment`s. What local
operations change belongs to the event they happen together with.
"""

from typing import assert_never

from smtmodel.executions.frame import (
    Allocated,
    Assigned,
    Began,
    Failed,
    Freed,
    Happened,
    Note,
    Ran,
    Wrote,
)
from smtmodel.executions.layout import Layout
from smtmodel.executions.rendering import Names
from smtmodel.executions.trace import Change, Moment
from smtmodel.executions.values import Value
from smtmodel.language.checked import Shape
from smtmodel.source import Span
from smtmodel.source.record import field, record


@record(frozen=False)
class Teller:
    """Tells a run; keeps the names of objects, and the block that each lane is in."""

    layout: Layout
    buffered: bool
    names: Names
    shapes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=dict)
    begun: set[tuple[str, Span]] = field(default_factory=set)
    latest: dict[str, Span] = field(default_factory=dict)

    def tell(self, lane: str, notes: tuple[Note, ...]) -> list[Moment]:
        """The moments of a move of a lane; a moment without an event if the move had none."""
        moments: list[Moment] = []
        changes: list[Change] = []
        head: Happened | None = None
        for note in notes:
            match note:
                case Happened():
                    if head is not None:
                        moments.append(self._moment(lane, head, changes))
                        changes = []
                    head = note
                    self._meet(note)
                case Wrote(location=location, before=before, after=after):
                    shape = self.shapes.get(location, ())
                    self._change(changes, self._place(lane, location), before, after, shape)
                case Assigned(name=name, before=before, after=after):
                    fields = self.layout.protocol.block(self.blocks[lane][-1]).fields(name)
                    self._change(changes, name, before, after, fields)
                case Allocated(location=location, struct=struct):
                    self.names.allocated(location, struct)
                case Freed(location=location, had=had):
                    states = ("free", "in use") if had else ("in use", "free")
                    changes.append(Change(self.names.object(location), *states))
                case Ran(block=block):
                    self.blocks.setdefault(lane, []).append(block)
                case Began(where=where, goes_on=goes_on):
                    if not goes_on:
                        self.begun.add((lane, where.span))
                case Failed():
                    pass
                case _:
                    assert_never(note)
        if head is None:
            head = Happened("local", None, self.blocks[lane][-1])
        moments.append(self._moment(lane, head, changes))
        return moments

    def _place(self, lane: str, location: int) -> str:
        """A location as this lane sees it: another lane's entry of a cache says whose it is."""
        owner, name = self.layout.owners.get(location, lane), self.names.location(location)
        return name if owner == lane else f"{name} of {owner}"

    def _change(
        self,
        changes: list[Change],
        what: str,
        before: Value,
        after: Value,
        fields: tuple[str, ...],
    ) -> None:
        old, new = self.names.value(before, fields), self.names.value(after, fields)
        if old != new:
            changes.append(Change(what, old, new))

    def _meet(self, note: Happened) -> None:
        """Let objects get their letters in the order in which the run meets them."""
        if isinstance(note.subject, int):
            self.names.location(note.subject)
        self.names.value(note.value)

    def _moment(self, lane: str, head: Happened, changes: list[Change]) -> Moment:
        begins = self._begins(lane, head)
        detail = self._detail(lane, head)
        place = self._place(lane, head.subject) if isinstance(head.subject, int) else ""
        changed = tuple(changes)
        return Moment(lane, head.block, head.where, head.event, detail, changed, begins, place)

    def _begins(self, lane: str, note: Happened) -> bool:
        """Whether an event is the first of its step: the step was begun since the last one."""
        if note.where is None or note.event == "flush":
            return True
        place = note.where.span
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
                return f"{value} is had again"
            case "free", _:
                return f"free {value}{buffered}"
            case "grace period begins", "":
                return f"grace period begins for {value}{buffered}"
            case "flush", "defer":
                return f"grace period begins for {value}"
            case ("callback", _) | ("flush", "free"):
                return f"{value} is freed"
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
                if name == variable.name:
                    shapes[location] = variable.fields
    return Teller(layout, buffered, names, shapes)


def steps_taken(moves: list[tuple[str, tuple[Note, ...]]]) -> int:
    """How many times steps were begun that then had an event, over all lanes."""
    begun: dict[tuple[str, Span], int] = {}
    taken: set[tuple[str, Span, int]] = set()
    for lane, notes in moves:
        for note in notes:
            if isinstance(note, Began):
                key = (lane, note.where.span)
                begun[key] = begun.get(key, 0) + (not note.goes_on)
            elif isinstance(note, Happened) and note.event != "flush" and note.where is not None:
                key = (lane, note.where.span)
                taken.add((*key, begun.get(key, 0)))
    return len(taken)
