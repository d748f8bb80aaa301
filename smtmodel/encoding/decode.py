"""Reads an execution back out of a model of the formula.

Takes truth values and clocks, gives what happened before the end in order, and the schedule
for the machine. Under store buffers a write's place on the clock is when it takes effect; it
is put into the buffer as late as possible, just before the lane's next event that is not
itself buffered, or when it takes effect.
"""

from collections.abc import Mapping

from smtmodel.encoding.formula import TRUE, Literal
from smtmodel.encoding.queries import Query
from smtmodel.encoding.smtlib import clock_name
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import LOCAL_KINDS, Event, Kind
from smtmodel.events.terms import Chosen, Guard
from smtmodel.executions.trace import Move, Schedule
from smtmodel.language.checked import BUILT_INS
from smtmodel.source.record import record


@record
class Assignment:
    """A model of a formula: the true Booleans by name, and the clocks by name."""

    booleans: Mapping[str, bool]
    clocks: Mapping[str, int]


class Reader:
    """Reads one query's assignment."""

    def __init__(self, query: Query, assignment: Assignment) -> None:
        self.query = query
        self.encoding: Encoding = query.encoding
        self.assignment = assignment
        self.graph = self.encoding.graph
        instants = self.encoding.model.instants
        assert instants is not None
        self.clock: str = instants
        self._values: dict[int, bool] = {TRUE: True}

    def holds(self, literal: Literal) -> bool:
        """Whether a literal holds; what the solver left open is false.

        Conjunctions are evaluated from their parts: the reader may ask for some that no
        clause of the question names, and the solver has never heard of these.
        """
        variable = abs(literal)
        if variable not in self._values:
            self._values[variable] = self._value(variable)
        return self._values[variable] == (literal > 0)

    def _value(self, variable: int) -> bool:
        formula = self.encoding.formula
        if variable in formula.conjunctions:
            return all(self.holds(part) for part in formula.conjunctions[variable])
        if variable in formula.orders:
            clock, first, second = formula.orders[variable]
            clocks = self.assignment.clocks
            before = clocks.get(clock_name(clock, first), 0)
            return before < clocks.get(clock_name(clock, second), 0)
        return self.assignment.booleans.get(formula.names[variable], False)

    def guard(self, guard: Guard) -> bool:
        """Whether a guard holds."""
        return self.holds(self.encoding.holds(guard))

    def begun(self) -> frozenset[int]:
        """The numbers of the steps that begin."""
        return frozenset(b.step for b in self.graph.begun if self.guard(b.guard))

    def happens(self, event: Event) -> bool:
        """Whether an event happens, whatever the end."""
        return self.guard(event.guard)

    def at(self, event: Event) -> int:
        """The event's place on the clock of the instants."""
        return self.assignment.clocks.get(clock_name(self.clock, event.number), 0)

    def events(self) -> list[Event]:
        """What happens before the end, in order."""
        end = self.assignment.clocks.get(clock_name(self.clock, self.query.end), 0)
        found = [e for e in self.graph.events if self.at(e) < end and self.happens(e)]
        return sorted(found, key=lambda e: (self.at(e), e.number))

    def buffered(self, event: Event) -> bool:
        """Whether the machine that replays the model puts the event into a buffer."""
        return self.encoding.model.store_buffers and (
            event.kind in (Kind.WRITE, Kind.LEAVE, Kind.RETURN)
            or (event.kind is Kind.UNLOCK and not event.serial)
        )

    def schedule(self) -> Schedule:
        """The moves up to the end, and every lane's choices."""
        moves: list[Move] = []
        issued: set[int] = set()
        atomic: set[int] = set()
        found = self.events()
        for event in found:
            lane = self.graph.lanes[event.lane]
            for earlier in self.graph.events[lane.first : event.number + 1]:
                if earlier.number not in issued and self._into_buffer(earlier, event):
                    issued.add(earlier.number)
                    moves.append(Move(lane.lane.name))
            if self.buffered(event):
                moves.append(Move(lane.lane.name, flush=True))
            elif event.kind not in LOCAL_KINDS and event.atomic not in atomic:
                moves.append(Move(lane.lane.name))
            if event.atomic is not None:
                atomic.add(event.atomic)
        moved = {move.lane for move in moves}
        moves += [Move(name) for name in self._without_events(found) if name not in moved]
        return Schedule(tuple(moves), self._choices())

    def _into_buffer(self, earlier: Event, event: Event) -> bool:
        """Whether `earlier` has been put into the buffer when `event` takes place."""
        return self.buffered(earlier) and (earlier is event or self.happens(earlier))

    def _without_events(self, found: list[Event]) -> list[str]:
        """The lanes that are judged, stop or end without an event; that takes a move."""
        lanes = {e.lane for e in found if e.kind in LOCAL_KINDS}
        lanes |= {
            stop.lane
            for stop in self.graph.stops
            if stop.name in BUILT_INS
            and self.guard(stop.guard)
            and not self.guard(stop.passed)
            and not self._moves(stop.lane, -1 if stop.after is None else stop.after)
        }
        if self.query.final:
            every = range(len(self.graph.lanes))
            lanes |= {lane for lane in every if not self._moves(lane, len(self.graph.events))}
        return [self.graph.lanes[lane].lane.name for lane in sorted(lanes)]

    def _moves(self, lane: int, last: int) -> bool:
        """Whether an event of the lane happens, of those numbered up to `last`."""
        own = self.graph.events[self.graph.lanes[lane].first : self.graph.lanes[lane].last]
        return any(e.number <= last and self.happens(e) for e in own)

    def _choices(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found: dict[str, list[str]] = {}
        for number, choice in enumerate(self.graph.choices):
            if choice.scheduled and self.guard(choice.guard):
                name = self.graph.lanes[choice.lane].lane.name
                found.setdefault(name, []).append(choice.names[self._index(number)])
        return tuple((lane, tuple(names)) for lane, names in found.items())

    def _index(self, number: int) -> int:
        literals = self.encoding.of(Chosen(number))
        for index, literal in enumerate(literals.values()):
            if self.holds(literal):
                return index
        return 0
