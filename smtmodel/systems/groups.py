"""The states of a system in groups by what is finite of them.

A shape is a state in which a mark stands for each number that is not known. Takes a system and the
cells whose numbers are not known; gives what an edge leads to from a shape: guards and new numbers
as formulas over the numbers of before, and the shape of the target. Objects are renamed by the
order in which pointers reach them, on both sides of every edge; numbers are not abstracted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from smtmodel.executions.values import UNSET, Absent, Value
from smtmodel.source.record import record
from smtmodel.systems import arithmetic
from smtmodel.systems.arithmetic import (
    FALSE,
    WHOLE,
    Cell,
    Formula,
    variable,
    variables_in,
)
from smtmodel.systems.branching import Branching, branchings
from smtmodel.systems.canonical import Canon, State, canon
from smtmodel.systems.classes import NumberClass
from smtmodel.systems.deadlock import by_place, deadlocked
from smtmodel.systems.reduction import (
    Condition,
    Drawn,
    Residual,
    Symbolic,
    known,
    number_of,
    reduced,
    residual,
    tested,
)
from smtmodel.systems.system import Bad, Edge, NotCoveredError, System

NUMBER = Absent("NUMBER")
TOKEN = Absent("TOKEN")

Shape = State
"""A state with NUMBER or TOKEN where a number is not known."""

Numbers = Mapping[Cell, Formula]

SHAPES = 10_000
"""How many shapes are looked at whatever their numbers are."""


@record
class Transition:
    """An edge from a shape, where the guard holds. The target is None where a number becomes one
    that is in no shape; `numbers` has what those of the target become, `kept` those that stay."""

    edge: Edge
    guard: Formula
    target: Shape | None
    numbers: Numbers
    kept: frozenset[Cell]

    def before(self, clause: Formula) -> Formula:
        """What has to hold before the move for a clause to hold after it."""
        if variables_in(clause) <= self.kept:
            return clause
        return arithmetic.replaced(clause, self.numbers)


def unbounded(
    system: System, classes: Iterable[NumberClass], states: Iterable[State]
) -> frozenset[Cell]:
    """The cells of the classes in which some state has a number that is not told apart."""
    cells: set[Cell] = {(system.fresh, WHOLE)}
    waiting = list(classes)
    for state in states:
        grown = [one for one in waiting if any(_beyond(state, cell, one) for cell in one.cells)]
        for one in grown:
            cells.update(one.cells)
            waiting.remove(one)
    return frozenset(cells)


def _beyond(state: State, cell: Cell, known_class: NumberClass) -> bool:
    value = part(state, cell)
    return isinstance(value, int) and value > known_class.exact


def reached(grouping: "Grouping", limit: int = SHAPES) -> Mapping[Shape, None] | None:
    """The shapes that may be reached, whatever the numbers are that are not known; None where a
    step may violate something or lead beyond the system, and where there are more than `limit`."""
    first, _ = grouping.initial()
    shapes, waiting = {first: None}, [first]
    while waiting and len(shapes) <= limit:
        for move in grouping.moves(waiting.pop()):
            if move.target is None or move.edge.violates or move.edge.limit:
                return None
            if move.target not in shapes:
                shapes[move.target] = None
                waiting.append(move.target)
    return shapes if not waiting else None


def part(state: Sequence[Residual], cell: Cell) -> Residual:
    """What is in a cell; UNSET of an entry that has no fields."""
    value = state[cell[0]]
    if cell[1] == WHOLE:
        return value
    return value[cell[1]] if isinstance(value, tuple) else UNSET


def marked(shape: Shape) -> Iterator[Cell]:
    """The cells of the numbers that are not known."""
    for number, value in enumerate(shape):
        if isinstance(value, tuple):
            yield from ((number, n) for n, one in enumerate(value) if one in (NUMBER, TOKEN))
        elif value in (NUMBER, TOKEN):
            yield number, WHOLE


class Grouping:
    """Shapes, and what leads from one to the next. `seen` are the numbers that are known in the
    shapes, by cell."""

    def __init__(self, system: System, cells: frozenset[Cell]) -> None:
        self.system = system
        self.cells = cells
        self.canon: Canon = canon(system, ())
        self.seen: dict[Cell, set[int]] = {}
        self.leaving = branchings(system.edges)
        self.standing = by_place(system.waits)
        self.made: dict[Shape, tuple[Transition, ...]] = {}
        self.states: dict[Shape, list[Residual]] = {}

    def shape(self, state: State) -> Shape:
        """The shape of a canonical state."""
        return self._parted(list(map(residual, state)))[0]

    def know(self, shapes: Iterable[Shape]) -> None:
        """Take note of the numbers that are known in these shapes."""
        for shape in shapes:
            for cell in _cells(shape):
                value = part(shape, cell)
                if isinstance(value, int):
                    self.seen.setdefault(cell, set()).add(value)

    def initial(self) -> tuple[Shape, Numbers]:
        """The shape of the initial state, and its numbers."""
        values = [residual(quantity.initial) for quantity in self.system.quantities]
        return self._parted(self._renamed(values))

    def opened(self, shape: Shape) -> list[Residual]:
        """The states of a shape: a variable for each number that is not known."""
        found = self.states.get(shape)
        if found is None:
            found = [_opened(number, value) for number, value in enumerate(shape)]
            self.states[shape] = found
        return found

    def moves(self, shape: Shape) -> tuple[Transition, ...]:
        """What may happen in a state of the shape."""
        found = self.made.get(shape)
        if found is None:
            found = self.made[shape] = tuple(self._moves(shape))
        return found

    def bad(self, shape: Shape, bad: Bad) -> Formula:
        """Where a state of the shape is bad."""
        return tested(bad.guards, self.opened(shape))

    def deadlocked(self, shape: Shape) -> Formula:
        """Where in a state of the shape lanes wait for each other."""
        state, places = self.opened(shape), self.system.places
        return deadlocked(self.standing, places, shape, lambda guards: tested(guards, state))

    def _moves(self, shape: Shape) -> Iterator[Transition]:
        state = self._drawing(self.opened(shape))
        for lane, place in enumerate(self.system.places):
            leaving = self.leaving.get((lane, shape[place]))  # type: ignore[arg-type]
            if leaving is not None:
                yield from self._branch(state, leaving, ())

    def _branch(
        self, state: list[Residual], known: Branching, guards: tuple[Formula, ...]
    ) -> Iterator[Transition]:
        for edge in known.edges:
            yield from self._along(state, edge, arithmetic.conjunction(guards))
        for guard, after in known.branches.items():
            holds = tested((guard,), state)
            if holds != FALSE:
                yield from self._branch(state, after, (*guards, holds))

    def _along(self, state: list[Residual], edge: Edge, guard: Formula) -> Iterator[Transition]:
        if guard == FALSE:
            return
        if edge.draws and not isinstance(state[self.system.drawn], Drawn):
            raise NotCoveredError(None, "a token where only small numbers were seen")
        after = list(state)
        for number, term in edge.updates:
            after[number] = reduced(term, state)
        after[self.system.drawn] = UNSET
        for condition, values in self._split(guard, self._renamed(after)):
            if values is None:
                yield Transition(edge, condition, None, {}, frozenset())
            else:
                shape, numbers = self._parted(values)
                kept = [cell for cell, number in numbers.items() if number == variable(cell)]
                yield Transition(edge, condition, shape, numbers, frozenset(kept))

    def _drawing(self, state: list[Residual]) -> list[Residual]:
        """The state with the token that the next edge draws, should it draw one."""
        before = list(state)
        last = before[self.system.fresh]
        if isinstance(last, Drawn):
            before[self.system.drawn] = Drawn(arithmetic.plus(last.number, 1))
        return before

    def _renamed(self, values: list[Residual]) -> list[Residual]:
        return self.canon.renamed(values)  # type: ignore[arg-type,return-value]

    def _split(
        self, guard: Formula, values: list[Residual]
    ) -> Iterator[tuple[Formula, list[Residual] | None]]:
        """The cases of what becomes of a number that has to be known, but is a formula."""
        cell = next((cell for cell in _cells(values) if self._open(values, cell)), None)
        if cell is None:
            yield guard, values
            return
        value = part(values, cell)
        number = number_of(value)
        if number is None:
            raise NotCoveredError(None, "a token where only small numbers were seen")
        cases = {0, 1} if isinstance(value, Condition) else self.seen.get(cell, set())
        rest = [guard]
        for case in sorted(cases):
            same = arithmetic.equal(number, case)
            here = arithmetic.conjunction((guard, same))
            rest.append(arithmetic.negated(same))
            if here != FALSE:
                yield from self._split(here, _with(values, cell, case))
        other = FALSE if isinstance(value, Condition) else arithmetic.conjunction(rest)
        if other != FALSE:
            yield other, None

    def _open(self, values: list[Residual], cell: Cell) -> bool:
        return cell not in self.cells and not known(part(values, cell))

    def _parted(self, values: list[Residual]) -> tuple[Shape, Numbers]:
        """A state as its shape and its numbers."""
        numbers: dict[Cell, Formula] = {}
        shape = [self._marked((number, WHOLE), one, numbers) for number, one in enumerate(values)]
        return tuple(shape), numbers

    def _marked(self, cell: Cell, value: Residual, numbers: dict[Cell, Formula]) -> Value:
        if isinstance(value, tuple):
            inner = [self._marked((cell[0], n), one, numbers) for n, one in enumerate(value)]
            return tuple(inner)
        if cell in self.cells:
            number = value.number if isinstance(value, Drawn) else number_of(value)
            if number is not None:
                numbers[cell] = number
                return TOKEN if isinstance(value, Drawn) else NUMBER
        assert not isinstance(value, Symbolic | Drawn | Condition), (cell, value)
        return value


def _opened(number: int, value: Value, place: int = WHOLE) -> Residual:
    if isinstance(value, tuple):
        return tuple(_opened(number, one, n) for n, one in enumerate(value))
    if value is NUMBER:
        return Symbolic(variable((number, place)))
    return Drawn(variable((number, place))) if value is TOKEN else value


def _cells(values: Sequence[Residual]) -> Iterator[Cell]:
    for number, value in enumerate(values):
        if isinstance(value, tuple):
            yield from ((number, place) for place in range(len(value)))
        else:
            yield number, WHOLE


def _with(values: list[Residual], cell: Cell, value: int) -> list[Residual]:
    number, place = cell
    whole = values[number]
    made = list(values)
    if place == WHOLE or not isinstance(whole, tuple):
        made[number] = value
    else:
        made[number] = (*whole[:place], value, *whole[place + 1 :])
    return made
