"""All canonical states of a system.

Takes a system; follows every edge from every canonical state until nothing new comes. A closed set
without a violation shows that no run of any length has one, up to what the abstraction and the
translation are trusted with. A violation in it need not be one of any run. Stops at numbers
of states and of representatives, never at a time.
"""

from collections.abc import Callable, Collection, Iterator

from smtmodel.executions.valuation import NoValueError, evaluate
from smtmodel.executions.values import Value, holds
from smtmodel.language.ast import When
from smtmodel.language.checked import DEADLOCK
from smtmodel.source.record import record
from smtmodel.systems.arithmetic import FALSE, TRUE, Formula
from smtmodel.systems.branching import Branching, branchings
from smtmodel.systems.canonical import Canon, State, canon
from smtmodel.systems.classes import classes_of
from smtmodel.systems.deadlock import by_place, deadlocked
from smtmodel.systems.system import Edge, Guard, NotCovered, NotCoveredError, System, Truth

LIMIT = 30_000
"""How many canonical states there may be, unless the caller says otherwise."""

SPREAD = 10
"""How many representatives there may be for each state of the limit."""

Test = Callable[[list[Value]], bool]


@record
class Closed:
    """`states` are in the order in which they were met. `violated`: properties that an edge or a
    state violates; `cuts` the loops whose bound is used up somewhere."""

    states: Collection[State]
    violated: frozenset[str]
    cuts: frozenset[int]


@record
class TooManyStates:
    """There are more states, or more representatives of them, than `limit`; those that were met
    violate these properties."""

    limit: int
    what: str
    violated: frozenset[str]


@record
class TooCoarse:
    """Some run, or what stands for none, goes beyond what the system has."""

    reason: str


Closing = Closed | TooManyStates | TooCoarse | NotCovered
"""All states, or why they are not known."""


def close(system: System, *, limit: int = LIMIT) -> Closing:
    """All states of a system, or why they are not known."""
    try:
        return _Closing(system, canon(system, classes_of(system))).run(limit)
    except NotCoveredError as error:
        return error.refused
    except NoValueError:
        return NotCovered(None, "a token is computed with, or a number is too large")


@record
class _Move:
    """An edge, compiled."""

    edge: Edge
    updates: tuple[tuple[int, Callable[[list[Value]], Value]], ...]


@record
class _Leaving:
    """The edges from a place, compiled: those without further guards, and those behind one."""

    moves: tuple[_Move, ...]
    branches: tuple[tuple[Test, "_Leaving"], ...]


class _Closing:
    """The states so far, and those still to be followed."""

    def __init__(self, system: System, canonical: Canon) -> None:
        self.system = system
        self.canon = canonical
        known = branchings(system.edges)
        self.moves: dict[tuple[int, Value], _Leaving] = {at: _all(of) for at, of in known.items()}
        self.bad = [(bad, tuple(map(compiled, bad.guards))) for bad in system.bad]
        self.standing = by_place(system.waits)
        self.tests = {g: compiled(g) for wait in system.waits for g in wait.guards}
        self.violated: set[str] = set()
        self.cuts: set[int] = set()
        self.states: dict[State, None] = {}
        self.waiting: list[State] = []
        self.limit = ""

    def run(self, limit: int) -> Closed | TooManyStates | TooCoarse:
        self._add([quantity.initial for quantity in self.system.quantities])
        followed = 0
        while self.waiting:
            for values in self.canon.representatives(self.waiting.pop()):
                followed += 1
                if followed > limit * SPREAD:
                    return self._too_many(limit * SPREAD, "representatives of states")
                self._judge(values)
                self._follow(values)
            if self.limit:
                return TooCoarse(self.limit)
            if len(self.states) > limit:
                return self._too_many(limit, "states")
        return Closed(self.states.keys(), frozenset(self.violated), frozenset(self.cuts))

    def _too_many(self, limit: int, what: str) -> TooManyStates:
        return TooManyStates(limit, what, frozenset(self.violated))

    def _add(self, values: list[Value]) -> None:
        state = self.canon.state(values)
        if state not in self.states:
            self.states[state] = None
            self.waiting.append(state)

    def _judge(self, values: list[Value]) -> None:
        if self._deadlocked(values):
            self.violated.add(DEADLOCK)
        for bad, guards in self.bad:
            settled = not values[self.system.progress]
            if bad.name in self.violated or (bad.when is When.SETTLED and not settled):
                continue
            if all(test(values) for test in guards):
                self.violated.add(bad.name)

    def _deadlocked(self, values: list[Value]) -> bool:
        def holds(guards: tuple[Guard, ...]) -> Formula:
            return TRUE if all(self.tests[guard](values) for guard in guards) else FALSE

        return deadlocked(self.standing, self.system.places, values, holds) == TRUE

    def _follow(self, values: list[Value]) -> None:
        before = self.drawing(values)
        for move in self.able(before):
            self._take(before, move)

    def drawing(self, values: list[Value]) -> list[Value]:
        """The values with the token that the next edge draws, should it draw one."""
        before = list(values)
        last = before[self.system.fresh]
        assert isinstance(last, int)
        before[self.system.drawn] = last + 1
        return before

    def able(self, values: list[Value]) -> Iterator[_Move]:
        """The edges whose guards hold, those of the first lanes last: what follows them is followed
        first, so that updates go far before there are too many states."""
        for lane, place in reversed(list(enumerate(self.system.places))):
            waiting = [self.moves[at]] if (at := (lane, values[place])) in self.moves else []
            while waiting:
                known = waiting.pop()
                yield from known.moves
                waiting += [after for test, after in known.branches if test(values)]

    def _take(self, before: list[Value], move: _Move) -> None:
        edge = move.edge
        self.violated.update(edge.violates)
        self.limit = self.limit or edge.limit
        if edge.cut >= 0:
            self.cuts.add(edge.cut)
        after = list(before)
        for number, value in move.updates:
            after[number] = value(before)
        self._add(after)


def compiled(guard: Guard) -> Test:
    """A guard as a function of the values of all quantities."""
    value = evaluate(guard.term)
    if isinstance(guard, Truth):
        return lambda values: holds(value(values)) == guard.holding
    return lambda values: (value(values) is guard.mark) == guard.holding


def _all(known: Branching) -> _Leaving:
    branches = tuple((compiled(guard), _all(after)) for guard, after in known.branches.items())
    return _Leaving(tuple(map(_compiled, known.edges)), branches)


def _compiled(edge: Edge) -> _Move:
    return _Move(edge, tuple((number, evaluate(term)) for number, term in edge.updates))
