"""What has to be shown for an invariant to be one that proves properties.

An invariant has of each shape of a state clauses over its numbers. Obligations are made from a
system and an invariant, and from nothing else: each says that in no state of a shape in which
the clauses hold, something happens. If all hold, no run of any length violates the properties,
as far as the system is that of the protocol.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from smtmodel.language.ast import When
from smtmodel.language.checked import DEADLOCK
from smtmodel.source.record import record
from smtmodel.systems.arithmetic import (
    FALSE,
    TRUE,
    Cell,
    Formula,
    conjunction,
    negated,
    replaced,
)
from smtmodel.systems.groups import Grouping, Shape, Transition
from smtmodel.systems.system import Edge, System

Clauses = Mapping[Formula, None]


@record
class Invariant:
    """`cells` are those whose numbers clauses are about; `clauses` has each shape that a state may
    have."""

    cells: frozenset[Cell]
    clauses: Mapping[Shape, Clauses]

    @property
    def size(self) -> int:
        """How many clauses there are."""
        return sum(map(len, self.clauses.values()))


@record
class Demand:
    """In no state of the shape in which its clauses hold, `happens`. Where these are not `assumed`
    it does not happen whatever they say: what is asked is about the clauses themselves.

    `about` are the properties that need it, none where all do; `edge` is what would be taken.
    `what` says in words what would happen.
    """

    shape: Shape
    happens: Formula
    what: str
    about: tuple[str, ...] = ()
    edge: Edge | None = None
    assumed: bool = True


def obligations(grouping: Grouping, invariant: Invariant) -> Iterator[Demand]:
    """All that has to be shown. What happens in no state at all is left out."""
    yield from _beginning(grouping, invariant)
    for shape in invariant.clauses:
        yield from _in_shape(grouping, invariant, shape)


def _in_shape(grouping: Grouping, invariant: Invariant, shape: Shape) -> Iterator[Demand]:
    known = invariant.clauses[shape]
    for move in grouping.moves(shape):
        yield from blamed(shape, move)
        happens = conjunction((move.guard, negated(wanted(invariant.clauses, move, known))))
        if happens != FALSE:
            yield Demand(shape, happens, "a step leads out of the invariant", (), move.edge)
    yield from judged(grouping, shape)
    yield from lost(grouping, shape)


def _beginning(grouping: Grouping, invariant: Invariant) -> Iterator[Demand]:
    shape, numbers = grouping.initial()
    clauses = invariant.clauses.get(shape)
    holds = FALSE if clauses is None else conjunction(replaced(one, numbers) for one in clauses)
    if holds != TRUE:
        what = "the initial state is not in the invariant"
        yield Demand(shape, negated(holds), what, assumed=False)


def wanted(
    clauses: Mapping[Shape, Clauses], move: Transition, known: Collection[Formula]
) -> Formula:
    """Whether the state after a move is in the invariant, as a formula over that before it. What
    is known word by word is left out."""
    if move.target is None or move.target not in clauses:
        return FALSE
    return conjunction(one for one in map(move.before, clauses[move.target]) if one not in known)


def blamed(shape: Shape, move: Transition) -> Iterator[Demand]:
    """That an edge violates nothing, and does not lead beyond the system."""
    edge = move.edge
    if edge.limit:
        yield Demand(shape, move.guard, edge.limit, (), edge)
    for name in edge.violates:
        yield Demand(shape, move.guard, f"a step violates {name}", (name,), edge)


def judged(grouping: Grouping, shape: Shape) -> Iterator[Demand]:
    """That no state of the shape is one that a property forbids."""
    system = grouping.system
    waits = grouping.deadlocked(shape)
    if waits != FALSE:
        yield Demand(shape, waits, "lanes wait for each other", (DEADLOCK,))
    for bad in system.bad:
        if bad.when is When.SETTLED and shape[system.progress]:
            continue
        formula = grouping.bad(shape, bad)
        if formula != FALSE:
            yield Demand(shape, formula, f"a state violates {bad.name}", (bad.name,))


def lost(grouping: Grouping, shape: Shape) -> Iterator[Demand]:
    """That some edge of a lane can be taken wherever nothing makes the lane wait: no edge has been
    lost."""
    system = grouping.system
    moves = grouping.moves(shape)
    for lane, place in enumerate(system.places):
        if (lane, shape[place]) in system.passing:
            guards = [move.guard for move in moves if move.edge.lane == lane]
            stuck = conjunction(map(negated, guards))
            if stuck != FALSE:
                name = system.lanes[lane].name
                yield Demand(shape, stuck, f"{name} has no step, but nothing to wait for")


def claimed(system: System, violated: Iterable[str]) -> tuple[str, ...]:
    """The properties that the system judges and that are not among the violated ones, in their
    order. A property that nothing in the system judges is not among them either: it would be proved
    by having no obligation. An assertion is judged wherever a step comes to it, be it that the
    terms alone decide it."""
    undecided = {name for name, _ in system.undecided}
    judged_names = {bad.name for bad in system.bad}
    judged_names |= {name for edge in system.edges for name in (*edge.violates, *edge.judges)}
    judged_names |= {DEADLOCK} if system.waits else set()
    names = [item.name for item in system.protocol.properties]
    out = undecided | set(violated)
    return tuple(name for name in names if name in judged_names and name not in out)
