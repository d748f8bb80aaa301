"""Reads an execution back out of a model of the formula.

Takes truth values and clocks, gives what happened before the end in order, and the schedule
for the machine. Under store buffers a write's place on the clock is when it takes effect; it
is put into the buffer as late as possible, just before the lane's next event that is not
itself buffered, or when it takes effect.
"""

from collections.abc import Iterable, Mapping

from smtmodel.encoding.formula import TRUE, Literal
from smtmodel.encoding.query import Query, Sleep
from smtmodel.encoding.smtlib import clock_name
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Event, Kind, Object
from smtmodel.events.terms import Chosen, Constant, Guard, Reference
from smtmodel.executions.trace import Move, Schedule
from smtmodel.language.checked import NEW
from smtmodel.source.record import record


@record
class Assignment:
    """A model of a formula: the true Booleans by name, and the clocks by name."""

    booleans: Mapping[str, bool]
    clocks: Mapping[str, int]


class Truths:
    """Which literals of an encoding hold in an assignment; `holding` are known to."""

    def __init__(
        self, encoding: Encoding, assignment: Assignment, holding: Iterable[Literal] = (TRUE,)
    ) -> None:
        self.encoding = encoding
        self.assignment = assignment
        self.graph = encoding.graph
        self._values = {abs(literal): literal > 0 for literal in holding}

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

    def happens(self, event: Event) -> bool:
        """Whether an event happens, whatever the end."""
        return self.guard(event.guard)


class Reader(Truths):
    """Reads one query's assignment."""

    def __init__(self, query: Query, assignment: Assignment) -> None:
        super().__init__(query.encoding, assignment)
        self.query = query
        instants = self.encoding.model.instants
        assert instants is not None
        self.clock: str = instants

    def begun(self) -> frozenset[int]:
        """The numbers of the steps that begin."""
        return frozenset(b.step for b in self.graph.begun if self.guard(b.guard))

    def at(self, event: Event) -> int:
        """The event's place on the clock of the instants."""
        return self.assignment.clocks.get(clock_name(self.clock, event.number), 0)

    def events(self) -> list[Event]:
        """What happens before the end, in order."""
        end = self.assignment.clocks.get(clock_name(self.clock, self.query.end), 0)
        found = [e for e in self.graph.events if self.at(e) < end and self.happens(e)]
        return sorted(found, key=lambda e: (self.at(e), e.number))

    def _moving(self) -> list[Event | Sleep]:
        """What happens before the end and who falls asleep, in order."""

        def place(one: Event | Sleep) -> tuple[int, bool]:
            node = one.node if isinstance(one, Sleep) else one.number
            clock = self.assignment.clocks.get(clock_name(self.clock, node), 0)
            return clock, isinstance(one, Sleep)

        asleep = [sleep for sleep in self.query.sleeps if self.holds(sleep.literal)]
        return sorted([*self.events(), *asleep], key=place)

    def buffered(self, event: Event) -> bool:
        """Whether the machine that replays the model puts the event into a buffer."""
        return self.encoding.model.store_buffers and (
            event.kind in (Kind.WRITE, Kind.LEAVE, Kind.RETURN, Kind.DEFER)
            or (event.kind is Kind.FREE and not event.partners)
            or (event.kind is Kind.UNLOCK and not event.serial)
        )

    def schedule(self) -> Schedule:
        """The moves up to the end, and every lane's choices."""
        moves: list[Move] = []
        issued: set[int] = set()
        atomic: set[int] = set()
        for event in self._moving():
            lane = self.graph.lanes[event.lane]
            if isinstance(event, Sleep):
                moves.append(Move(lane.lane.name))
                continue
            if event.is_local and event.number not in self.query.judged:
                continue  # the end does not ask for it, nor for the stores before it
            for earlier in self.graph.events[lane.first : event.number + 1]:
                if earlier.number not in issued and self._into_buffer(earlier, event):
                    issued.add(earlier.number)
                    moves.append(Move(lane.lane.name))
            if lane.defers is not None:
                moves.append(self._callback(self.graph.events[lane.defers]))
            elif self.buffered(event):
                moves.append(Move(lane.lane.name, flush=True))
            elif not event.is_local and event.atomic not in atomic:
                moves.append(Move(lane.lane.name))
            if event.atomic is not None:
                atomic.add(event.atomic)
        moved = {move.lane for move in moves}
        moves += [Move(name) for name in self._without_events(self.events()) if name not in moved]
        return Schedule(tuple(moves), self._choices())

    def _callback(self, defer: Event) -> Move:
        """The deferred free that a lane asks for at an event: which of its own, from 0."""
        lane = self.graph.lanes[defer.lane]
        earlier = self.graph.events[lane.first : defer.number]
        asked = sum(e.kind is Kind.DEFER and self.happens(e) for e in earlier)
        return Move(lane.lane.name, callback=asked)

    def _into_buffer(self, earlier: Event, event: Event) -> bool:
        """Whether `earlier` has been put into the buffer when `event` takes place."""
        return self.buffered(earlier) and (earlier is event or self.happens(earlier))

    def _without_events(self, found: list[Event]) -> list[str]:
        """The lanes that are judged, stop or end without an event; that takes a move."""
        lanes = {e.lane for e in found if e.number in self.query.judged and self._began(e.lane)}
        lanes |= {
            stop.lane
            for stop in self.graph.stops
            if stop.name == self.query.stop
            and self.guard(stop.guard)
            and not self.guard(stop.passed)
            and not self._moves(stop.lane, -1 if stop.after is None else stop.after)
        }
        if self.query.final:
            for number, lane in enumerate(self.graph.lanes):
                ended = lane.defers is None and self.guard(lane.end)
                if ended and not self._moves(number, len(self.graph.events)):
                    lanes.add(number)
        return [self.graph.lanes[lane].lane.name for lane in sorted(lanes)]

    def _began(self, lane: int) -> bool:
        """Whether a lane has an event, stops or ends: else what comes first has not happened."""
        graph = self.graph.lanes[lane]
        stops = [stop for stop in self.graph.stops if stop.lane == lane]
        return (
            self._moves(lane, graph.last)
            or self.guard(graph.end)
            or any(self.guard(stop.guard) and not self.guard(stop.passed) for stop in stops)
        )

    def _moves(self, lane: int, last: int) -> bool:
        """Whether the machine does an event of the lane, of those numbered up to `last`."""
        own = self.graph.events[self.graph.lanes[lane].first : self.graph.lanes[lane].last]
        return any(e.number <= last and not e.is_local and self.happens(e) for e in own)

    def _choices(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found: dict[str, list[str]] = {}
        for number, choice in enumerate(self.graph.choices):
            if choice.scheduled and self.guard(choice.guard):
                name = self.graph.lanes[choice.lane].lane.name
                found.setdefault(name, []).append(self._chosen(number))
        return tuple((lane, tuple(names)) for lane, names in found.items())

    def choice(self, number: int) -> Constant:
        """The value of a choice; what the solver left open is the first that is offered."""
        literals = self.encoding.of(Chosen(number))
        held = [value for value, literal in literals.items() if self.holds(literal)]
        return (held or list(literals))[0]

    def _chosen(self, number: int) -> str:
        """What a choice is called in a schedule."""
        choice, value = self.graph.choices[number], self.choice(number)
        if not choice.have:
            return choice.names[choice.values.index(value)]
        assert isinstance(value, Reference)
        return NEW if value == choice.values[0] else self._named(value.object)

    def _named(self, number: int) -> str:
        """An object by its name, or as the n-th that its lane makes, n from 1."""
        thing = self.graph.objects[number]
        if thing.lane is None:
            return thing.name
        made = [o for o in self.graph.objects[: number + 1] if o.lane == thing.lane]
        count = sum(self._made(other) for other in made)
        return f"{self.graph.lanes[thing.lane].lane.name}#{count}"

    def _made(self, thing: Object) -> bool:
        """Whether an object is made, and as a new one."""
        if not self.guard(thing.guard) or thing.choice is None:
            return self.guard(thing.guard)
        return self._chosen(thing.choice) == NEW
