"""What other lanes of a kind do to what one of them sees.

Two lanes of a kind meet where their views may be of one state: all that does not belong to either
is alike, and they do not hold one lock both. What the one does, its own view tells: it changes
what is shared in the view of the other, and leaves what belongs to that lane as it is.

That each view of a state is in an invariant has to be kept by every step of every lane. For the
view of the lane that steps these are the obligations of any system; for that of a lane that meets
it they are here.
"""

from collections.abc import Iterable, Iterator, Mapping

from smtmodel.executions.values import Value
from smtmodel.source.record import record
from smtmodel.systems.arithmetic import (
    FALSE,
    TRUE,
    Cell,
    Formula,
    conjunction,
    negated,
    replaced,
    variable,
    variables_in,
)
from smtmodel.systems.groups import Grouping, Shape, Transition, marked
from smtmodel.systems.invariant import Clauses, Demand, Invariant, obligations, wanted
from smtmodel.systems.views import Viewed, Views

LEAVES = "what another lane of its kind does leads out of the invariant"


@record
class Other:
    """A lane that another of its kind meets, and the shape of its view. In formulas its own
    numbers are those of the lane that is not seen."""

    kind: Viewed
    shape: Shape

    def told(self, formula: Formula) -> Formula:
        """A formula about its view, as one about its numbers."""
        return replaced(
            formula, {cell: variable(self.cell(cell)) for cell in variables_in(formula)}
        )

    def cell(self, cell: Cell) -> Cell:
        """Where a number of its view is."""
        number, place = cell
        own = number in self.kind.own
        return (self.kind.exchange.quantities[number], place) if own else cell


@record
class Meeting:
    """In a state of which `shape` is the view of one lane, another makes a move."""

    shape: Shape
    other: Other
    move: Transition


@record
class _Step:
    """A move of a lane that changes what others see, from a shape of its own view."""

    source: Shape
    move: Transition
    target: Shape


def meetings(views: Views, grouping: Grouping, shapes: Iterable[Shape]) -> Iterator[Meeting]:
    """What a lane does in a state of one of the shapes, for every other lane that it may meet.

    Where it leaves the shapes itself, that is for its own obligations to exclude."""
    known = list(shapes)
    for kind in views.kinds:
        alike: dict[Shape, list[Shape]] = {}
        for shape in known:
            alike.setdefault(_common(kind, shape), []).append(shape)
        for source in known:
            steps = list(_steps(kind, source, grouping))
            for shape in alike[_common(kind, source)] if steps else ():
                if _meet(kind, shape, source):
                    yield from (_meeting(kind, shape, step) for step in steps)


def _steps(kind: Viewed, source: Shape, grouping: Grouping) -> Iterator[_Step]:
    for move in grouping.moves(source):
        own = move.edge.lane == kind.seen
        if own and move.target is not None and _changes(kind, source, move):
            yield _Step(source, move, move.target)


def demands(views: Views, grouping: Grouping, invariant: Invariant) -> Iterator[Demand]:
    """All that has to be shown of an invariant of views. What its own groups say of lanes that are
    not seen would be taken for what is known of another lane."""
    groups = invariant.clauses
    foreign = [one for one in groups if not _of_one_lane(views, one, groups[one])]
    for shape in foreign:
        what = "a group says something of lanes that are not seen"
        yield Demand(shape, TRUE, what, assumed=False)
    if not foreign:
        yield from obligations(grouping, invariant)
        yield from _met(views, grouping, groups)


def _met(views: Views, grouping: Grouping, groups: Mapping[Shape, Clauses]) -> Iterator[Demand]:
    """That what a lane sees stays in the groups whatever others of its kind do."""
    for one in meetings(views, grouping, groups):
        known = [one.other.told(clause) for clause in groups[one.other.shape]]
        after = wanted(groups, one.move, {*groups[one.shape], *known})
        happens = conjunction((*known, one.move.guard, negated(after)))
        if happens != FALSE:
            yield Demand(one.shape, happens, LEAVES, (), one.move.edge)


def _of_one_lane(views: Views, shape: Shape, clauses: Iterable[Formula]) -> bool:
    """Whether all that is hidden is as it begins, and clauses speak of numbers of the shape."""
    start = (quantity.initial for quantity in views.system.quantities)
    pairs = enumerate(zip(shape, start, strict=True))
    told = frozenset().union(*map(variables_in, clauses))
    same = all(value == first for number, (value, first) in pairs if number in views.hidden)
    return same and told <= frozenset(marked(shape))


def _common(kind: Viewed, shape: Shape) -> Shape:
    """What a lane sees that does not belong to it; a lock that any lane of the kind holds is held
    by the one that stands for others."""
    return tuple(
        None if number in kind.own else _foreign(kind, number, value)
        for number, value in enumerate(shape)
    )


def _foreign(kind: Viewed, number: int, value: Value) -> Value:
    """What others of the kind see of a value."""
    mine = number in kind.exchange.holders and value == kind.seen
    return kind.unseen if mine else value


def _meet(kind: Viewed, shape: Shape, other: Shape) -> bool:
    """Whether they do not hold one lock both."""
    locks = kind.exchange.holders
    return not any(shape[lock] == kind.seen and other[lock] == kind.seen for lock in locks)


def _changes(kind: Viewed, source: Shape, move: Transition) -> bool:
    """Whether others see any of it."""
    assert move.target is not None
    if _common(kind, source) != _common(kind, move.target):
        return True
    return any(cell not in move.kept for cell in move.numbers if cell[0] not in kind.own)


def _meeting(kind: Viewed, shape: Shape, step: _Step) -> Meeting:
    other = Other(kind, step.source)
    target = tuple(
        shape[number] if number in kind.own else _after(kind, number, value, shape[number])
        for number, value in enumerate(step.target)
    )
    numbers = {
        cell: other.told(number)
        for cell, number in step.move.numbers.items()
        if cell[0] not in kind.own
    }
    numbers |= {cell: variable(cell) for cell in marked(shape) if cell[0] in kind.own}
    kept = frozenset(cell for cell, number in numbers.items() if number == variable(cell))
    guard = other.told(step.move.guard)
    return Meeting(shape, other, Transition(step.move.edge, guard, target, numbers, kept))


def _after(kind: Viewed, number: int, value: Value, before: Value) -> Value:
    """What the step of another lane leaves of a value that was something before: who held a lock
    that it does not touch still does."""
    if number in kind.exchange.holders and value == kind.unseen:
        return before
    return _foreign(kind, number, value)
