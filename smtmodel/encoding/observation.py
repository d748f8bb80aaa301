"""Expressions over memory at one instant, as terms over reads that belong to no lane.

What goes through null, an empty entry or an unwritten field is undefined. Which numbers the
reads have is up to the caller.
"""

from collections.abc import Callable

from smtmodel.events.graph import Address, At, Event, EventGraph, FieldOf, ItemOf, Kind
from smtmodel.events.operators import NATURAL
from smtmodel.events.terms import ALWAYS, Apply, Const, Reference, Returned, Special, Term
from smtmodel.language import checked as lang
from smtmodel.language.checked import Shape


class Observation:
    """The reads of one instant. `lane` names the lane whose entries per-lane caches stand for.

    `number` numbers a new read of an address, and may do more about it.
    """

    def __init__(
        self, graph: EventGraph, lane: str | None, number: Callable[[Address], int]
    ) -> None:
        self.graph = graph
        self.lane = lane
        self.number = number
        self.reads: list[Event] = []

    def term(self, expression: lang.Expression) -> Term:
        """The expression as a term; adds its reads."""
        match expression:
            case lang.Constant(value):
                return Const(value)
            case lang.NullPointer():
                return Const(Special.NULL)
            case lang.LaneNumber():
                names = {one.lane.name: one.lane for one in self.graph.lanes}
                return Const(names[self.lane or ""].number)
            case lang.NamedObject(index):
                return Const(Reference(index))
            case lang.Load(place):
                return Apply("judged", (Returned(self._read(place), 0),))
            case lang.Part(lang.Load(place) as entry, field):
                fields = self.graph.protocol.fields(entry, block="")
                return Apply("judged", (Returned(self._read(place), fields.index(field)),))
            case lang.Filled(lang.Load(place)):
                return Apply("filled", (Returned(self._read(place), 0),))
            case lang.LaneLocal(block, index, name):
                return Apply("judged", (self._local(block, index, name),))
            case lang.Part(lang.LaneLocal(block, index, name), field):
                return Apply("judged", (self._local(block, index, f"{name}.{field}"),))
            case lang.Filled(lang.LaneLocal(block, index, name)):
                first = self.graph.protocol.block(block).fields(name)[0]
                held = self._local(block, index, f"{name}.{first}")
                return Apply("filled", (Apply("assigned", (held,)),))
            case lang.Operation(operator, (left, right)) if operator in NATURAL:
                return Apply(operator, (Apply("natural", (self.term(left),)), self.term(right)))
            case lang.Operation(operator, operands):
                return Apply(operator, tuple(self.term(o) for o in operands))
            case lang.And(left, right):
                return Apply("&&", (self.term(left), self.term(right)))
            case lang.Or(left, right):
                return Apply("||", (self.term(left), self.term(right)))
            case _:
                raise AssertionError(expression)

    def _local(self, block: str, index: int, name: str) -> Term:
        unassigned = Const(Special.UNASSIGNED)
        for lane in self.graph.lanes:
            if block in lane.lane.kind.blocks and lane.lane.index == index:
                return self.graph.locals.get((lane.lane.name, block, name), unassigned)
        return unassigned

    def _read(self, place: lang.Place) -> int:
        return self.observe(self._address(place))

    def observe(self, address: Address) -> int:
        """Adds a read of an address; gives its number."""
        number = self.number(address)
        self.reads.append(Event(number, -1, Kind.READ, ALWAYS, "", 0, None, address=address))
        return number

    def _address(self, place: lang.Place) -> Address:
        cells = self.graph.cells
        match place:
            case lang.Cell(name):
                variable = self.graph.protocol.variable(name)
                part = self.lane or "" if variable.shape is Shape.CACHE else ""
                return At(cells[name, part])
            case lang.Member(name, field):
                return At(cells[name, field])
            case lang.Element(name, index):
                length = self.graph.protocol.variable(name).length
                locations = tuple(cells[name, str(n)] for n in range(length))
                return ItemOf(locations, self.term(index))
            case lang.Through(pointer, _, field):
                return FieldOf(self.term(pointer), field)
