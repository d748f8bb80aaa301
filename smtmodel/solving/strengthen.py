"""Finds an invariant that proves properties: clauses enter where they are needed.

Takes a system and its closed states. It begins with what each property needs. Whatever a solver
says could go wrong is excluded by a clause that holds in every closed state of the group; then that
clause has to be kept by every edge that leads there, and so on backwards. The closed states only
say which clauses are worth trying: what is found is shown by the obligations of the invariant.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice

from smtmodel.encoding.inductive import asserted, name_of
from smtmodel.executions.values import Value
from smtmodel.language.checked import TOKEN_BASE
from smtmodel.solving.effort import LARGE
from smtmodel.solving.integers import Integers
from smtmodel.solving.solver import Sat, Unsat
from smtmodel.source.record import record, replace
from smtmodel.systems.arithmetic import (
    FALSE,
    TRUE,
    WHOLE,
    Cell,
    Compound,
    Formula,
    disjunction,
    literals,
    negated,
)
from smtmodel.systems.canonical import State
from smtmodel.systems.classes import NumberClass
from smtmodel.systems.groups import NUMBER, TOKEN, Grouping, Shape, Transition, part
from smtmodel.systems.interference import Other, meetings
from smtmodel.systems.invariant import Demand, Invariant, blamed, judged, lost
from smtmodel.systems.views import Views
from smtmodel.systems.vocabulary import Values, Vocabulary

LEAVES = "a step leads out of a group"


class NotFoundError(Exception):
    """No clauses of this kind make up an invariant."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@record
class _Goal:
    """In every state of the shape in which `when` holds, `then` does; with `other`, in every state
    in which that lane is met."""

    shape: Shape
    when: Formula
    then: Formula
    what: str
    other: Other | None = None


@record
class _Source:
    """From where a move leads to a shape."""

    shape: Shape
    move: Transition
    other: Other | None = None


class Strengthening:
    """The clauses so far, and what they still have to imply; it takes so many questions at most."""

    def __init__(
        self,
        grouping: Grouping,
        classes: Iterable[NumberClass],
        states: Iterable[State],
        questions: int = LARGE.questions,
        views: Views | None = None,
    ) -> None:
        self.grouping = grouping
        self.questions = questions
        cells = grouping.cells
        self.classes = [one for one in classes if cells & set(one.cells)]
        self.states: dict[Shape, list[Values]] = {}
        for state in states:
            shape = grouping.shape(state)
            self.states.setdefault(shape, []).append(_numbers(state, cells))
        grouping.know(self.states)
        self.vocabularies: dict[Shape, Vocabulary] = {}
        self.clauses: dict[Shape, dict[Formula, None]] = {shape: {} for shape in self.states}
        self.incoming: dict[Shape, list[_Source]] = {}
        self.used: dict[Formula, None] = {}
        self.goals: list[_Goal] = []
        self.solver = Integers()
        self.asked = 0
        for shape in self.states:
            for move in grouping.moves(shape):
                self._need(one for one in blamed(shape, move) if not one.about)
                self._note(_Source(shape, move))
            self._need(lost(grouping, shape))
        for one in () if views is None else meetings(views, grouping, self.states):
            self._note(_Source(one.shape, one.move, one.other))

    def _note(self, source: _Source) -> None:
        target = source.move.target
        if target in self.clauses:
            self.incoming.setdefault(target, []).append(source)
        else:
            self.goals.append(_Goal(source.shape, source.move.guard, FALSE, LEAVES, source.other))

    def _need(self, needed: Iterable[Demand]) -> None:
        self.goals += [_Goal(one.shape, one.happens, FALSE, one.what) for one in needed]

    def prove(self, names: frozenset[str]) -> Invariant:
        """An invariant that proves these properties; NotFoundError if none is found."""
        for shape in self.states:
            found = [one for move in self.grouping.moves(shape) for one in blamed(shape, move)]
            found += judged(self.grouping, shape)
            self._need(one for one in found if names & set(one.about))
        first = tuple(self.goals)
        while self.goals:
            self._reach(self.goals.pop())
        return Invariant(self.grouping.cells, self._needed(first))

    def _needed(self, first: Iterable[_Goal]) -> dict[Shape, dict[Formula, None]]:
        """The clauses that the first goals need, or another that is needed: by cores, backwards."""
        kept: dict[Shape, dict[Formula, None]] = {shape: {} for shape in self.clauses}
        waiting = list(first)
        while waiting:
            goal = waiting.pop()
            for shape, clause in self._owned(goal, self._core(goal)):
                if clause not in kept[shape]:
                    kept[shape][clause] = None
                    waiting += self._before(shape, clause)
        return kept

    def _known(self, goal: _Goal) -> Collection[Formula]:
        """What clauses say where the goal is to hold."""
        own = self.clauses[goal.shape]
        return own if goal.other is None else {**own, **self._told(goal.other)}

    def _told(self, other: Other) -> dict[Formula, Formula]:
        """The clauses about the view of another lane, by what they say where it is met."""
        return {other.told(one): one for one in self.clauses[other.shape]}

    def _owned(self, goal: _Goal, known: Iterable[Formula]) -> Iterator[tuple[Shape, Formula]]:
        """Clauses that are known there, each with its shape and as it stands there."""
        own, other = self.clauses[goal.shape], goal.other
        told = {} if other is None else self._told(other)
        for one in known:
            if one in own or other is None:
                yield goal.shape, one
            else:
                yield other.shape, told[one]

    def _core(self, goal: _Goal) -> Iterable[Formula]:
        """Clauses that are enough for the goal."""
        known = self._known(goal)
        if goal.when == FALSE or goal.then == TRUE:
            return ()
        if goal.then in known:
            return (goal.then,)
        self._count()
        named = {f"c{number}": clause for number, clause in enumerate(known)}
        scripts = {name: asserted([clause]) for name, clause in named.items()}
        core = self.solver.core(asserted([goal.when, negated(goal.then)]), scripts)
        return known if core is None else [named[name] for name in core]

    def _reach(self, goal: _Goal) -> None:
        if goal.when == FALSE or goal.then == TRUE:
            return
        if self._implied(goal):
            return
        if goal.when == TRUE and self._vocabulary(goal.shape).holds(goal.then):
            self._add(goal.shape, goal.then)
            return
        while (model := self._counterexample(goal)) is not None:
            self._add(*self._against(goal, model))

    def _implied(self, goal: _Goal) -> bool:
        """Whether that is seen without a solver."""
        known = self._known(goal)
        if goal.then in known:
            return True
        return any(one in known for one in literals(goal.then))

    def _counterexample(self, goal: _Goal) -> Values | None:
        """A state of the shape in which the clauses hold and the goal does not."""
        self._count()
        script = asserted([*self._known(goal), goal.when, negated(goal.then)])
        match self.solver.ask(script):
            case Unsat():
                return None
            case Sat(assignment=assignment):
                cells = self._vocabulary(goal.shape).numbers | self._numbers_of(goal.other)
                return {cell: assignment.clocks.get(name_of(cell), 0) for cell in cells}
            case unknown:
                raise NotFoundError(f"z3 does not decide an obligation: {unknown.reason}")

    def _count(self) -> None:
        self.asked += 1
        if self.asked > self.questions:
            reason = f"no invariant was found within {self.questions:,} questions to z3"
            raise NotFoundError(reason)

    def _numbers_of(self, other: Other | None) -> set[Cell]:
        if other is None:
            return set()
        return set(map(other.cell, self._vocabulary(other.shape).numbers))

    def _against(self, goal: _Goal, model: Values) -> tuple[Shape, Formula]:
        """A clause that holds in the closed states of a group, and not in the model."""
        vocabulary = self._vocabulary(goal.shape)
        itself = disjunction((negated(goal.when), goal.then))
        if len(literals(itself)) <= 2 and itself != FALSE and vocabulary.holds(itself):
            return goal.shape, itself
        able = [(goal.shape, one) for one in self._first(goal.shape, model)]
        if goal.other is not None:
            able += [(goal.other.shape, one) for one in self._first_of_other(goal.other, model)]
        if not able:
            raise NotFoundError(f"no clause about its numbers excludes that {goal.what}")
        return min(able, key=lambda known: len(literals(known[1])))

    def _first(self, shape: Shape, model: Values) -> Iterator[Formula]:
        yield from islice(self._vocabulary(shape).clauses_against(model), 1)

    def _first_of_other(self, other: Other, model: Values) -> Iterator[Formula]:
        numbers = self._vocabulary(other.shape).numbers
        yield from self._first(other.shape, {cell: model[other.cell(cell)] for cell in numbers})

    def _add(self, shape: Shape, clause: Formula) -> None:
        self.clauses[shape][clause] = None
        self.used[clause] = None
        self.goals += self._before(shape, clause)

    def _before(self, shape: Shape, clause: Formula) -> list[_Goal]:
        """What has to hold before every move to the shape for a clause to hold after it."""
        found: list[_Goal] = []
        for source in self.incoming.get(shape, ()):
            move = source.move
            wanted = move.before(clause)
            both = isinstance(wanted, Compound) and wanted.operator == "and"
            parts = wanted.operands if both and isinstance(wanted, Compound) else (wanted,)
            found += [_Goal(source.shape, move.guard, one, LEAVES, source.other) for one in parts]
        return found

    def _vocabulary(self, shape: Shape) -> Vocabulary:
        found = self.vocabularies.get(shape)
        if found is None:
            found = Vocabulary(
                _of_shape(self.classes, shape, self.grouping.cells),
                self.states[shape],
                (self.grouping.system.fresh, WHOLE),
            )
            self.vocabularies[shape] = found
        return found


def _of_shape(
    classes: Iterable[NumberClass], shape: Shape, cells: frozenset[Cell]
) -> list[NumberClass]:
    """The classes of the numbers of a shape, and one of its tokens: only their order counts."""
    made = [
        replace(one, cells=tuple(cell for cell in one.cells if part(shape, cell) is NUMBER))
        for one in classes
    ]
    tokens = tuple(cell for cell in sorted(cells) if part(shape, cell) is TOKEN)
    return [*made, NumberClass(tokens, -1, 1, 0)]


def _numbers(state: State, cells: frozenset[Cell]) -> Mapping[Cell, int]:
    """The numbers of a canonical state; of a token, how many were drawn up to it."""
    found: dict[Cell, int] = {}
    for cell in sorted(cells):
        value: Value = part(state, cell)  # type: ignore[assignment]
        if isinstance(value, int):
            found[cell] = value - TOKEN_BASE if value >= TOKEN_BASE else value
    return found
