"""What an event graph says of a lane whose reads return given values, in the enumerator's terms.

Terms, guards and ways are evaluated here once more, on constants.
"""

from itertools import product

from smtmodel.events.dependencies import Ways, dependencies
from smtmodel.events.graph import At, Event, EventGraph, FieldOf, Kind
from smtmodel.events.operators import apply
from smtmodel.events.terms import (
    Apply,
    Chosen,
    Const,
    Constant,
    Guard,
    Holds,
    Reference,
    Returned,
    Select,
    Special,
    Term,
    is_true,
)
from smtmodel.executions.c_operators import Datum
from smtmodel.executions.paths import Act, Path
from smtmodel.litmus.program import AddressOf, ThinAir

KINDS = {Kind.READ: "R", Kind.WRITE: "W", Kind.FENCE: "F"}


class Followed:
    """A graph along the paths of its lanes."""

    def __init__(self, graph: EventGraph) -> None:
        self.graph = graph
        self.depending = {name: dependencies(graph, name) for name in ("addr", "data", "ctrl")}

    def agrees(self, lane: int, path: Path) -> bool:
        """Whether some outcome of the lane's free choices makes it take the path."""
        choices = [n for n, choice in enumerate(self.graph.choices) if choice.lane == lane]
        return any(
            _Lane(self, lane, dict(zip(choices, taken, strict=True))).is_as(path)
            for taken in product((0, 1), repeat=len(choices))
        )


class _Lane:
    def __init__(self, followed: Followed, lane: int, choices: dict[int, int]) -> None:
        self.graph = followed.graph
        self.depending = followed.depending
        self.lane = lane
        self.choices = choices
        self.returned: dict[int, Constant] = {}
        self.places: dict[int, int] = {}

    def is_as(self, path: Path) -> bool:
        column = self.graph.lanes[self.lane]
        for event in self.graph.events[column.first : column.last]:
            if self.holds(event.guard):
                place = len(self.places)
                self.places[event.number] = place
                if place >= len(path.acts) or self.act(event, path.acts[place]) != path.acts[place]:
                    return False
        stops = [stop for stop in self.graph.stops if stop.lane == self.lane]
        passed = all(self.holds(s.passed) or not self.holds(s.guard) for s in stops)
        return passed and len(self.places) == len(path.acts) and self.registers(path)

    def registers(self, path: Path) -> bool:
        ours = {
            name: self.datum(self.value(term))
            for (lane, _, name), term in self.graph.locals.items()
            if lane == self.graph.lanes[self.lane].lane.name
        }
        names = ours.keys() | path.registers.keys()
        return all(ours.get(name, 0) == path.registers.get(name, 0) for name in names)

    def act(self, event: Event, told: Act) -> Act:
        """The event as an act; a read returns what it is told."""
        location, value = None, 0
        match event.address:
            case At(number):
                location = self.graph.locations[number].name
            case FieldOf(pointer, _):
                location = self.variable(pointer)
        if event.pointer is not None:
            location = self.variable(event.pointer)
        if event.kind is Kind.READ:
            value = told.value
            self.returned[event.number] = self.constant(value)
            if event.condition is not None and not is_true(self.value(event.condition)):
                value = -1
        elif event.kind is Kind.WRITE:
            value = self.datum(self.value(event.values[0]))
        return Act(
            KINDS[event.kind],
            event.tag,
            location,
            value,
            event.modifies,
            self.places[event.partners[0]] if event.partners else None,
            self.reads(event, "addr"),
            self.reads(event, "data"),
            self.reads(event, "ctrl"),
        )

    def reads(self, event: Event, name: str) -> frozenset[int]:
        return frozenset(
            self.places[read]
            for (read, depending), ways in self.depending[name].items()
            if depending == event.number and read in self.places and self.is_open(ways)
        )

    def is_open(self, ways: Ways) -> bool:
        return any(all(self.holds(guard) == so for guard, so in way) for way in ways)

    # ------------------------------------------------------------ values

    def variable(self, pointer: Term) -> str | None:
        value = self.value(pointer)
        return self.graph.objects[value.object].name if isinstance(value, Reference) else None

    def datum(self, value: Constant) -> Datum:
        if isinstance(value, Reference):
            return AddressOf(self.graph.objects[value.object].name)
        if value is Special.THIN_AIR:
            return ThinAir()
        return value if isinstance(value, int) else -1

    def constant(self, value: Datum) -> Constant:
        if isinstance(value, int):
            return value
        if isinstance(value, ThinAir):
            return Special.THIN_AIR
        names = [thing.name for thing in self.graph.objects]
        return Reference(names.index(value.variable))

    def holds(self, guard: Guard) -> bool:
        return all(self.literal(literal) for literal in guard)

    def literal(self, literal: int) -> bool:
        atom = self.graph.atoms[abs(literal) - 1]
        assert isinstance(atom, Holds)
        return is_true(self.value(atom.term)) == (literal > 0)

    def value(self, term: Term) -> Constant:
        match term:
            case Const(value):
                return value
            case Returned(event, _):
                return self.returned.get(event, 0)
            case Chosen(choice):
                return self.choices[choice]
            case Apply(operator, operands):
                return apply(operator, tuple(map(self.value, operands)))
            case Select(guard, then, otherwise):
                return self.value(then if self.holds(guard) else otherwise)
        raise AssertionError(term)
