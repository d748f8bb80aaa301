"""Possible values once more, for where additions go round through several lanes.

In an execution no write can depend on itself: the reads behind its value return earlier writes,
and those depend on earlier ones still. `Domains` uses that for the number of rounds only, so
a counter that lanes add to and subtract from grows by each step in each round. Here each
possible value carries the writes that it came through, and none comes through one twice.
"""

from collections.abc import Iterable
from itertools import product

from smtmodel.encoding.domains import INITIAL, Domains, TooManyValues, Values, ordered
from smtmodel.events.graph import Event, EventGraph
from smtmodel.events.operators import apply
from smtmodel.events.terms import Apply, Constant, Returned, Select, Term, is_true
from smtmodel.models import Model

Through = frozenset[int]
"""Writes that a value came through, by their numbers."""

Ways = dict[Constant, frozenset[Through]]
"""For each possible value the smallest sets of writes that it can come through."""

MOST_WAYS = 16
"""Sets for one value, from which on only the writes that are in all of them are kept."""


WEIGHT = 8
"""How many pairs of values cost as much as a set that a value is received through."""

FEW = 24
"""Values of one read, up to which it does not pay to look at what they came through."""


def possible(graph: EventGraph, model: Model, pairs: int | None = None) -> Domains:
    """The possible values, found the dearer way where the cheaper one finds many.

    At most so many `pairs` of values are looked at. Raises TooManyValues.
    """
    try:
        return Domains(graph, model, pairs).analyse(FEW)
    except TooManyValues:
        return Chains(graph, model, pairs).analyse()


class Chains(Domains):
    """The sets of `Domains`, without values that come through some write twice."""

    def __init__(self, graph: EventGraph, model: Model, pairs: int | None = None) -> None:
        super().__init__(graph, model, pairs)
        self._returned_ways: dict[tuple[int, int], Ways] = {}
        self._ways: dict[Term, Ways] = {}

    def fork(self) -> "Domains":
        twin = super().fork()
        assert isinstance(twin, Chains)
        twin._returned_ways = dict(self._returned_ways)
        return twin

    def _changed(self) -> None:
        super()._changed()
        self._ways.clear()

    def _of(self, term: Term) -> Values:
        if isinstance(term, Returned | Apply | Select):
            return ordered(set(self.ways(term)))
        return super()._of(term)

    def ways(self, term: Term) -> Ways:
        """The possible values of a term, with what they came through."""
        found = self._ways.get(term)
        if found is None:
            found = self._ways[term] = self._ways_of(term)
        return found

    def _ways_of(self, term: Term) -> Ways:
        match term:
            case Returned(event, component):
                return self._returned_ways.get((event, component), {})
            case Apply(operator, (operand,)):
                return _gathered(
                    (apply(operator, (value,)), sets) for value, sets in self.ways(operand).items()
                )
            case Apply(operator, (left, right)) if left is right:
                return _gathered(
                    (apply(operator, (value, value)), sets)
                    for value, sets in self.ways(left).items()
                )
            case Apply(operator, (left, right)):
                return _gathered(self._combined(operator, left, right))
            case Select(_, then, otherwise):
                return _gathered([*self.ways(then).items(), *self.ways(otherwise).items()])
            case _:
                return dict.fromkeys(self.of(term), frozenset((Through(),)))

    def _combined(
        self, operator: str, left: Term, right: Term
    ) -> Iterable[tuple[Constant, frozenset[Through]]]:
        """Both operands, unless the left one of `&&` or `||` decides alone."""
        for value, sets in self.ways(left).items():
            if operator in ("&&", "||") and is_true(value) != (operator == "&&"):
                yield apply(operator, (value, 0)), sets
                continue
            for other, others in self.ways(right).items():
                self._spend(len(sets) * len(others))
                together = frozenset(one | two for one, two in product(sets, others))
                yield apply(operator, (value, other)), together

    def _extend(self, read: Event, component: int) -> bool:
        key = (read.number, component)
        ways = _gathered(self._received(read, component))
        if ways == self._returned_ways.get(key, {}):
            return False
        self._returned_ways[key] = ways
        self.returned[key] = ordered(set(ways))
        return True

    def _received(
        self, read: Event, component: int
    ) -> Iterable[tuple[Constant, frozenset[Through]]]:
        """What a read may return: each value through the write that it is read from too."""
        yield from self._returned_ways.get((read.number, component), {}).items()
        for value in self._initial(read, component):
            yield value, frozenset((Through(),))
        for source in self.candidates[read.number]:
            if source == INITIAL:
                continue
            for value, sets in self.ways(self.graph.events[source].values[component]).items():
                self._spend(WEIGHT * len(sets))
                once = frozenset(one | {source} for one in sets if source not in one)
                if once:
                    yield value, once


def _gathered(found: Iterable[tuple[Constant, frozenset[Through]]]) -> Ways:
    """The values, each with the smallest of the sets that it was found with."""
    every: dict[Constant, set[Through]] = {}
    for value, sets in found:
        every.setdefault(value, set()).update(sets)
    ordered(set(every))  # too many are refused before their sets are compared
    return {value: smallest(sets) for value, sets in every.items()}


def smallest(sets: set[Through]) -> frozenset[Through]:
    """The sets that contain no other. Of too many what all have: fewer writes exclude less."""
    if len(sets) > MOST_WAYS * 8:
        return frozenset((Through.intersection(*sets),))
    kept: list[Through] = []
    for one in sorted(sets, key=len):
        if not any(other <= one for other in kept):
            kept.append(one)
    return frozenset(kept if len(kept) <= MOST_WAYS else (Through.intersection(*kept),))
