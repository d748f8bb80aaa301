"""Which objects are free at an event, and what may be allocated again.

An object is free where some event has freed it and none has allocated it since. All of it is stated
with positive order atoms on the clock of the instants, like the rest of that clock.
"""

from collections.abc import Sequence

from smtmodel.encoding.formula import FALSE, Literal, Reason
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Event, FieldOf, Kind
from smtmodel.events.terms import Reference
from smtmodel.language.checked import RCU

USING = (Kind.FREE, Kind.LOCK, Kind.TRY, Kind.UNLOCK)
"""The kinds of events that may use an object and touch no field of it."""
AGAIN = "an object is allocated again only while it is free"


class Objects:
    """The events that free objects and those that have them, over one encoding."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.formula = encoding.formula
        assert encoding.model.instants is not None
        self.clock = encoding.model.instants
        self.frees = [e for e in encoding.graph.events if e.kind is Kind.FREE]
        self.haves = [e for e in encoding.graph.events if e.kind is Kind.HAVE]
        enters = (e for e in encoding.graph.events if e.kind is Kind.ENTER)
        self.sections = [e for e in enters if e.name == RCU]
        self.leaves = [e for e in encoding.graph.events if e.kind is Kind.LEAVE]

    def constrain(self) -> None:
        """States that what is had and not new is free."""
        for event in self.haves:
            reason = Reason(AGAIN, event.span)
            for value in self._again(event):
                body = (self.encoding.happens(event.number), self._is(event, value))
                self.formula.implies(body, [self.free(value, event.number)], reason)

    def used(self, event: Event) -> Literal:
        """The literal that an event, if it happens, uses an object that is free at it."""
        every = self.formula.all_of
        ways: list[Literal] = []
        if event.kind in USING and event.pointer is not None:
            ways = [
                every((self._is(event, v), self.free(v, event.number))) for v in self._of(event)
            ]
        elif isinstance(event.address, FieldOf) and not event.ghost:
            locations = self.encoding.graph.locations
            for location, touched in self.encoding.touches(event.number).items():
                number = locations[location].object
                assert number is not None
                ways.append(every((touched, self._gone(Reference(number), event.number))))
        return self.formula.any_of(ways)

    def _gone(self, value: Reference, at: int) -> Literal:
        """The literal that an object is free just before an event and its memory is not kept."""
        struct = self.encoding.graph.objects[value.object].struct
        kept = self.encoding.graph.protocol.struct(struct).typesafe
        return self.free(value, at, self.sections if kept else ())

    def _left(self, enter: Event, since: int, at: int) -> Literal:
        """The literal that a section was not open at one event, or has been left by another."""
        ways = [-self.encoding.happens(enter.number), self._before(since, enter.number)]
        for leave in self.leaves:
            if enter.number in leave.partners:
                happens = self.encoding.happens(leave.number)
                ways.append(self.formula.all_of((happens, self._before(leave.number, at))))
        return self.formula.any_of(ways)

    def free(self, value: Reference, at: int, sections: Sequence[Event] = ()) -> Literal:
        """The literal that an object is free just before an event, and has been since before each
        of these sections began or for longer than it lasts."""
        every, some = self.formula.all_of, self.formula.any_of
        ways = []
        for free in self.frees:
            freed = self._is(free, value)
            if free.number == at or freed == FALSE:
                continue
            parts = [self.encoding.happens(free.number), freed, self._before(free.number, at)]
            parts += [self._left(enter, free.number, at) for enter in sections]
            for have in self.haves:
                if have.number != at and value in self._again(have):
                    absent = (-self.encoding.happens(have.number), -self._is(have, value))
                    apart = self._before(have.number, free.number), self._before(at, have.number)
                    parts.append(some((*absent, *apart)))
            ways.append(every(parts))
        return some(ways)

    def _before(self, first: int, second: int) -> Literal:
        return self.formula.before(self.clock, first, second)

    def _of(self, event: Event) -> list[Reference]:
        """The objects that the event may free or have."""
        assert event.pointer is not None
        return [v for v in self.encoding.domains.of(event.pointer) if isinstance(v, Reference)]

    def _again(self, event: Event) -> list[Reference]:
        """Those that it may have and that are not its new one, which nobody has freed before."""
        return self._of(event)[1:]

    def _is(self, event: Event, value: Reference) -> Literal:
        assert event.pointer is not None
        return self.encoding.of(event.pointer).get(value, FALSE)
