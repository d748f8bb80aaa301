"""Snapshots: the reads of memory at one instant that a property's expressions make.

A snapshot is a point on the clock of the model's instants. Its expressions become terms over
reads that belong to no lane; what goes through null, an empty entry or an unwritten field
has none of its literals and so is not judged.
"""

from smtmodel.encoding import memory
from smtmodel.encoding.domains import INITIAL
from smtmodel.encoding.formula import TRUE, Literal, Node, Reason
from smtmodel.encoding.state import Encoding
from smtmodel.encoding.together import together
from smtmodel.events.graph import Address, At, Event, FieldOf, ItemOf, Kind
from smtmodel.events.operators import NATURAL
from smtmodel.events.terms import ALWAYS, Apply, Const, Returned, Special, Term
from smtmodel.language import checked as lang
from smtmodel.language.checked import Shape

READS = Reason("a snapshot returns for each location the last write before it")
WHOLE = Reason("no instant lies inside an atomic block, or before the ghosts of an event")


class Snapshot:
    """Reads of memory at one instant.

    `node` is its point on the clock, `active` the literal that it is taken at all. `lane`
    names the lane whose entries per-lane caches stand for.
    """

    def __init__(self, encoding: Encoding, lane: str | None) -> None:
        self.encoding = encoding
        self.lane = lane
        self.node: Node = f"s{encoding.snapshots}"
        encoding.snapshots += 1
        self.reads: list[Event] = []
        self._constrained = 0

    # ------------------------------------------------------------ terms

    def term(self, expression: lang.Expression) -> Term:
        """The expression as a term; adds its reads."""
        match expression:
            case lang.Constant(value):
                return Const(value)
            case lang.NullPointer():
                return Const(Special.NULL)
            case lang.Load(place):
                return Apply("judged", (Returned(self._read(place), 0),))
            case lang.Part(lang.Load(place), field):
                fields = self._fields(place)
                number = self._read(place)
                return Apply("judged", (Returned(number, fields.index(field)),))
            case lang.Filled(lang.Load(place)):
                return Apply("filled", (Returned(self._read(place), 0),))
            case lang.LaneLocal(block, index, name):
                return Apply("judged", (self._local(block, index, name),))
            case lang.Part(lang.LaneLocal(block, index, name), field):
                return Apply("judged", (self._local(block, index, f"{name}.{field}"),))
            case lang.Filled(lang.LaneLocal(block, index, name)):
                return Apply("filled", (Apply("assigned", (self._entry(block, index, name),)),))
            case lang.Operation(operator, (left, right)) if operator in NATURAL:
                return Apply(operator, (Apply("natural", (self.term(left),)), self.term(right)))
            case lang.Operation(operator, operands):
                return Apply(operator, tuple(self.term(o) for o in operands))
            case lang.Both(left, right):
                return Apply("&&", (self.term(left), self.term(right)))
            case lang.OneOf(left, right):
                return Apply("||", (self.term(left), self.term(right)))
            case _:
                raise AssertionError(expression)

    def _fields(self, place: lang.Place) -> tuple[str, ...]:
        assert isinstance(place, lang.Cell)
        return self.encoding.graph.protocol.variable(place.variable).fields

    def _local(self, block: str, index: int, name: str) -> Term:
        unassigned = Const(Special.UNASSIGNED)
        for lane in self.encoding.graph.lanes:
            if block in lane.lane.kind.blocks and lane.lane.index == index:
                return self.encoding.graph.locals.get((lane.lane.name, block, name), unassigned)
        return unassigned

    def _entry(self, block: str, index: int, name: str) -> Term:
        """The first field of a local that holds an entry."""
        parts = [part for _, own, part in self.encoding.graph.locals if own == block]
        fields = [part for part in parts if part.startswith(f"{name}.")]
        return self._local(block, index, fields[0] if fields else name)

    def _read(self, place: lang.Place) -> int:
        address = self._address(place)
        number = self.encoding.observed
        self.encoding.observed += 1
        self.encoding.domains.observe(number, address)
        self.reads.append(Event(number, -1, Kind.READ, ALWAYS, "", 0, None, address=address))
        return number

    def _address(self, place: lang.Place) -> Address:
        cells = self.encoding.graph.cells
        match place:
            case lang.Cell(name):
                variable = self.encoding.graph.protocol.variable(name)
                part = self.lane or "" if variable.shape is Shape.CACHE else ""
                return At(cells[name, part])
            case lang.Member(name, field):
                return At(cells[name, field])
            case lang.Element(name, index):
                length = self.encoding.graph.protocol.variable(name).length
                locations = tuple(cells[name, str(n)] for n in range(length))
                return ItemOf(locations, self.term(index))
            case lang.Through(pointer, _, field):
                return FieldOf(self.term(pointer), field)

    # ------------------------------------------------------------ constraints

    def constrain(self, active: Literal = TRUE) -> None:
        """States what the reads added so far return, where the snapshot is taken."""
        for read in self.reads[self._constrained :]:
            self._place(read, active)
        self._constrained = len(self.reads)

    def _place(self, read: Event, active: Literal) -> None:
        encoding, formula = self.encoding, self.encoding.formula
        number = read.number
        assert read.address is not None
        clock = encoding.model.instants
        assert clock is not None
        touched = encoding.located(read.address, encoding.domains.locations[number])
        encoding.rf[number] = {
            source: formula.new(f"rf_{number}_{'init' if source == INITIAL else source}")
            for source in encoding.domains.candidates[number]
        }
        happens = formula.all_of((active, formula.any_of(touched.values())))
        memory.sources(encoding, read, happens)
        memory.observed(encoding, read)
        for source, literal in encoding.rf[number].items():
            if source != INITIAL:
                formula.implies([literal], [formula.before(clock, source, self.node)], READS)
        for write, bodies in memory.overwritten(encoding, read).items():
            after = formula.before(clock, self.node, write)
            for body in bodies:
                formula.implies(body, [after], READS)

    def outside_atomic(self) -> None:
        """Keeps the instant out of every atomic block, and from between a ghost and its event."""
        encoding, formula = self.encoding, self.encoding.formula
        clock = encoding.model.instants
        assert clock is not None
        for pair in together(encoding):
            ways = [
                formula.before(clock, self.node, pair.first),
                formula.before(clock, pair.second, self.node),
            ]
            formula.implies(pair.body, ways, WHOLE)

    def after_everything(self) -> None:
        """Puts the instant after every event."""
        clock = self.encoding.model.instants
        assert clock is not None
        for event in self.encoding.graph.events:
            after = self.encoding.formula.before(clock, event.number, self.node)
            happens = self.encoding.happens(event.number)
            self.encoding.formula.implies([happens], [after], READS)
