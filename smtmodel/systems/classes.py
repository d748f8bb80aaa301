"""Which numbers of a system are ever compared or assigned to each other, and how exactly.

Takes a system; gives its classes of numbers. Two numbers are in one class if one is assigned to
the other or compared with it, plus a constant or not. What a class must tell apart follows from
the terms: constants, residues, and how far one edge moves its numbers against each other.
Other arithmetic on unbounded numbers than adding constants needs all of them to be told apart: a
class with such a term is refused where a number grows beyond.
"""

from collections.abc import Iterable
from math import lcm

from smtmodel.executions.terms import (
    Component,
    Computed,
    Conjunction,
    Disjunction,
    Immediate,
    IsFilled,
    Register,
    Term,
    WholeEntry,
)
from smtmodel.executions.values import Value
from smtmodel.language.checked import TOKEN_BASE, Where
from smtmodel.language.types import Bits, Entry, Plain
from smtmodel.source.record import field, record
from smtmodel.systems.arithmetic import WHOLE, Cell
from smtmodel.systems.system import Edge, Guard, NotCovered, NotCoveredError, System, Truth


@record
class NumberClass:
    """Numbers up to `exact` are told apart, larger ones by their order and modulo `modulus`.

    `motion` is how far an edge or a comparison moves two of them, or one and a constant, against
    each other. `refused` is why none may be larger.
    """

    cells: tuple[Cell, ...]
    exact: int
    modulus: int
    motion: int
    refused: NotCovered | None = None


COUNTED = 8
"""Up to where numbers are told apart on which there is other arithmetic than adding constants."""


@record
class Flow:
    """Where a value comes from: one of `cells` plus something from `low` to `high`; without cells
    it is itself from `low` to `high`."""

    cells: tuple[Cell, ...] = ()
    low: int = 0
    high: int = 0

    @property
    def limit(self) -> int:
        """How far from 0 it is where no cell is in it."""
        return 0 if self.cells else max(abs(self.low), abs(self.high))

    @property
    def motion(self) -> tuple[int, int]:
        """By how much a cell is moved."""
        return (self.low, self.high) if self.cells else (0, 0)


TRUTH = Flow((), 0, 1)

SUMS = "two unbounded numbers are added or subtracted"


def classes_of(system: System) -> tuple[NumberClass, ...]:
    """The classes of numbers of a system; NotCoveredError where there is none for a term."""
    return _Classifier(system).read()


def numbers_of(system: System) -> frozenset[Cell]:
    """The cells in which a number may stand that is not known: never a place, a flag, who holds a
    lock or a pointer, which say what a state may do."""
    cells = {cell for number in range(len(system.quantities)) for cell in _cells(system, number)}
    return frozenset(cells | {(system.fresh, WHOLE)})


def _cells(system: System, number: int) -> list[Cell]:
    match system.quantities[number].sort:
        case Plain():
            return [(number, WHOLE)]
        case Entry(types=types):
            return [(number, n) for n, type_ in enumerate(types) if isinstance(type_, Plain)]
        case _:
            return []


@record(frozen=False)
class _Tally:
    """What is known so far of the class that a cell stands for."""

    exact: int = 0
    modulus: int = 1
    motion: int = 0
    shrinks: bool = False
    refused: NotCovered | None = None


@record(frozen=False)
class _Classifier:
    """`parents` is the union-find; `noted` what was seen of each cell; `counted` why cells have to
    be told apart."""

    system: System
    parents: dict[Cell, Cell] = field(default_factory=dict)
    noted: list[tuple[Cell, int, int, int, bool]] = field(default_factory=list)
    counted: list[tuple[Cell, NotCovered]] = field(default_factory=list)
    where: Where | None = None

    def read(self) -> tuple[NumberClass, ...]:
        for number, quantity in enumerate(self.system.quantities):
            for cell in _cells(self.system, number):
                self.parents[cell] = cell
                self._constants(cell, quantity.initial)
        self._join_slots()
        for edge in self.system.edges:
            self._edge(edge)
        self.where = None
        for bad in self.system.bad:
            self._guards(bad.guards)
        return self._classes()

    def _constants(self, cell: Cell, value: Value) -> None:
        known = value[cell[1]] if isinstance(value, tuple) and cell[1] != WHOLE else value
        if isinstance(known, int):
            self._note(cell, exact=abs(known))

    def _note(
        self,
        cell: Cell,
        exact: int = 0,
        modulus: int = 1,
        motion: int = 0,
        *,
        shrinks: bool = False,
    ) -> None:
        self.noted.append((cell, exact, modulus, motion, shrinks))

    def _join_slots(self) -> None:
        """A field is of one class in all slots: slots are renamed."""
        first: dict[tuple[str, int], int] = {}
        for slot in self.system.slots:
            for place, number in enumerate(slot.fields):
                known = first.setdefault((slot.struct, place), number)
                both = (_cells(self.system, one) for one in (known, number))
                for ours, theirs in zip(*both, strict=True):
                    self._join(ours, theirs)

    def _root(self, cell: Cell) -> Cell:
        while self.parents[cell] != cell:
            cell = self.parents[cell]
        return cell

    def _join(self, left: Cell, right: Cell) -> None:
        self.parents[self._root(left)] = self._root(right)

    def _refuse(self, reason: str) -> NotCoveredError:
        return NotCoveredError(self.where, reason)

    def _counted(self, flow: Flow, reason: str) -> Flow:
        """The flow, whose numbers are told apart."""
        for cell in flow.cells:
            self.counted.append((cell, NotCovered(self.where, reason)))
            self._join(cell, flow.cells[0])
        return flow

    # ------------------------------------------------------------ edges

    def _edge(self, edge: Edge) -> None:
        self.where = edge.where
        self._guards(edge.guards)
        moved: list[tuple[Cell, int, int]] = []
        for number, term in edge.updates:
            for cell in _cells(self.system, number):
                flow = self._flow(_field(term, cell[1]))
                self._assign(cell, flow)
                moved.append((cell, *flow.motion))
        for cell, low, high in moved:
            for other, least, most in moved:
                if self._root(cell) == self._root(other):
                    self._note(cell, motion=max(high - least, most - low, high, -low))

    def _guards(self, guards: Iterable[Guard]) -> None:
        for guard in guards:
            if isinstance(guard, Truth):
                self._flow(guard.term)

    def _assign(self, cell: Cell, flow: Flow) -> None:
        self._note(cell, exact=flow.limit)
        for source in flow.cells:
            self._join(cell, source)

    # ------------------------------------------------------------ terms

    def _flow(self, term: Term) -> Flow:
        match term:
            case Immediate(value=int(value)) if value < TOKEN_BASE:
                return Flow((), value, value)
            case Immediate():
                return Flow()
            case Register(number=number):
                sort = self.system.quantities[number].sort
                if isinstance(sort, Entry):
                    raise self._refuse("whole entries are compared")
                if isinstance(sort, Bits):
                    return Flow((), 0, (1 << sort.width) - 1)
                return Flow(tuple(_cells(self.system, number)))
            case Component(entry=Register(number=number), place=place):
                sort = self.system.quantities[number].sort
                if isinstance(sort, Entry) and isinstance(held := sort.types[place], Bits):
                    return Flow((), 0, (1 << held.width) - 1)
                return Flow(tuple(cell for cell in _cells(self.system, number) if cell[1] == place))
            case Component():
                raise self._refuse("a field of an entry that is no variable")
            case IsFilled():
                return TRUTH
            case Conjunction(left=left, right=right) | Disjunction(left=left, right=right):
                self._flow(left)
                self._flow(right)
                return TRUTH
            case Computed(
                "<<", (Computed(">>", (inner, Immediate(int(up)))), Immediate(int(down)))
            ) if up == down:
                return self._floored(inner, 1 << up)
            case Computed(
                "*", (Computed("/", (inner, Immediate(int(by)))), Immediate(int(times)))
            ) if by == times:
                return self._floored(inner, by)
            case Computed(operator=operator, operands=(operand,)):
                return self._unary(operator, self._flow(operand))
            case Computed(operator=operator, operands=(left, right)):
                return self._binary(operator, self._flow(left), self._flow(right))
            case WholeEntry():
                raise self._refuse("whole entries are compared")
            case _:
                raise self._refuse("a term that is not known")

    def _floored(self, inner: Term, size: int) -> Flow:
        """The largest multiple of a size that is not larger: less by a residue."""
        flow = self._flow(inner)
        if not flow.cells:
            return Flow((), 0, flow.limit)
        for cell in flow.cells:
            self._note(cell, modulus=size)
        return Flow(flow.cells, flow.low - size + 1, flow.high)

    def _unary(self, operator: str, operand: Flow) -> Flow:
        if operator == "!":
            return self._compared(operand, Flow())
        negated = Flow(operand.cells, -operand.high, -operand.low)
        return self._counted(negated, "an unbounded number is negated")

    def _binary(self, operator: str, left: Flow, right: Flow) -> Flow:
        match operator:
            case "==" | "!=" | "<" | "<=" | ">" | ">=":
                return self._compared(left, right)
            case "+":
                return self._moved(left, right)
            case "-" if not right.cells:
                return self._moved(left, Flow((), -right.high, -right.low))
            case "%" | "wrap":
                for cell in left.cells:
                    self._note(cell, modulus=right.limit)
                return Flow((), 0, right.limit - 1)
            case "&" if not right.cells:
                for cell in left.cells:
                    self._note(cell, modulus=1 << right.limit.bit_length())
                return Flow((), 0, right.limit)
            case "|" if left.cells and not right.cells:
                for cell in left.cells:
                    self._note(cell, modulus=1 << right.limit.bit_length())
                return Flow(left.cells, left.low, left.high + right.limit)
            case _:
                return self._bounded(operator, left, right)

    def _compared(self, left: Flow, right: Flow) -> Flow:
        (low, high), (least, most) = left.motion, right.motion
        motion = max(high - least, most - low)
        both = (*left.cells, *right.cells)
        for cell in both:
            self._note(cell, exact=max(left.limit, right.limit), motion=motion)
            self._join(cell, both[0])
        return TRUTH

    def _moved(self, left: Flow, right: Flow) -> Flow:
        """A sum: what is added to an unbounded number has to be bounded."""
        both = Flow(left.cells + right.cells, left.low + right.low, left.high + right.high)
        for cell in both.cells if right.low < 0 else ():
            self._note(cell, shrinks=True)
        if right.cells and left.cells:
            return self._counted(both, SUMS)
        return both

    def _bounded(self, operator: str, left: Flow, right: Flow) -> Flow:
        """What other operators make of numbers that are bounded."""
        if left.cells or right.cells:
            reason = SUMS if operator == "-" else f"`{operator}` on an unbounded number"
            return self._counted(Flow(left.cells + right.cells), reason)
        most = max(left.limit, right.limit)
        match operator:
            case "*":
                return Flow((), -left.limit * right.limit, left.limit * right.limit)
            case "<<" if right.limit > TOKEN_BASE.bit_length():
                raise self._refuse("a shift by a number that may be large")
            case "<<":
                return Flow((), 0, left.limit << right.limit)
            case "|" | "^":
                return Flow((), 0, (1 << most.bit_length()) - 1)
            case _:
                return Flow((), 0, left.limit)

    # ------------------------------------------------------------ result

    def _classes(self) -> tuple[NumberClass, ...]:
        tallies: dict[Cell, _Tally] = {}
        for cell, exact, modulus, motion, shrinks in self.noted:
            tally = tallies.setdefault(self._root(cell), _Tally())
            tally.exact = max(tally.exact, exact)
            tally.modulus = lcm(tally.modulus, modulus)
            tally.motion = max(tally.motion, motion)
            tally.shrinks = tally.shrinks or shrinks
        for cell, reason in self.counted:
            tally = tallies.setdefault(self._root(cell), _Tally())
            tally.refused = tally.refused or reason
            tally.exact = max(tally.exact, COUNTED)
        members: dict[Cell, list[Cell]] = {}
        for cell in self.parents:
            members.setdefault(self._root(cell), []).append(cell)
        made: list[NumberClass] = []
        for root, cells in members.items():
            tally = tallies.get(root, _Tally())
            # a count of things in progress is at most the number of lanes
            exact = max(tally.exact, len(self.system.lanes)) if tally.shrinks else tally.exact
            made.append(
                NumberClass(tuple(cells), exact, tally.modulus, tally.motion, tally.refused)
            )
        return tuple(made)


def _field(term: Term, place: int) -> Term:
    """A field of an entry that a quantity becomes, or (at WHOLE) the number that it becomes."""
    match term:
        case _ if place == WHOLE:
            return term
        case WholeEntry(values=values):
            return values[place]
        case Immediate(value=value) if isinstance(value, tuple):
            return Immediate(value[place])
        case Immediate():
            return term
        case _:
            return Component(term, place)
