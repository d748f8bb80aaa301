"""Why an axiom does not hold of an execution: the pairs that it forbids, step by step.

Takes an evaluation and an axiom that is broken; gives a shortest cycle of it, each step with the
name that the model or herd7 gives the relation. A definition that stays in a lane is one step of
its own name; one that leads through others is taken apart, and program order in it has its name.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from smtmodel.executions.evaluate import Evaluation
from smtmodel.models import terms
from smtmodel.models.terms import Axiom, AxiomForm, Defined, EventSet, Recursion, Relation
from smtmodel.source.bits import bits
from smtmodel.source.record import record, replace

PO = "po"
WITHIN = terms.Base("int")
TOLD = frozenset(("rf", "co", "fr", "rmw", "addr", "data", "ctrl"))
"""The base relations that are steps by themselves."""
WORDS: Mapping[str, str] = {
    "rf": "the next reads it",
    "co": "the next overwrites it",
    "fr": "the next overwrites what it reads",
    "rmw": "the next is the write of the same operation",
    "rmw^-1": "the next is the read of the same operation",
    "addr": "the next one's address depends on it",
    "data": "what the next writes depends on it",
    "ctrl": "whether the next happens depends on it",
    "po": "the next is behind it in the lane",
}


@record
class Link:
    """A step from an event to another, by a relation of that name."""

    first: int
    second: int
    name: str


def cycle(evaluation: Evaluation, axiom: Axiom) -> tuple[Link, ...]:
    """The steps of a cycle that the axiom forbids; none where it cannot be taken apart."""
    try:
        return tuple(_CycleFinder(evaluation).cycle(axiom))
    except Circular:
        return ()


def words(evaluation: Evaluation, name: str) -> str:
    """What a step of that name means."""
    reasons = {one.name: one.reason for one in _defined(evaluation)}
    return reasons.get(name, "") or WORDS.get(name, "")


def _defined(evaluation: Evaluation) -> Iterator[Defined]:
    for group in evaluation.model.definitions:
        yield from group.definitions if isinstance(group, Recursion) else (group,)


class Circular(Exception):
    """A pair is made of itself only."""


def _glue(found: list[Link]) -> bool:
    """Whether some of it is only program order, or a filter."""
    return any(one.name == PO for one in found)


def _first(ways: Iterable[Callable[[], list[Link]]]) -> list[Link]:
    for way in ways:
        try:
            return way()
        except Circular:
            continue
    raise Circular


class _CycleFinder:
    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self.terms = {one.name: one.term for one in _defined(evaluation)}
        self.open: set[tuple[str, tuple[int, int]]] = set()

    def cycle(self, axiom: Axiom) -> list[Link]:
        term = axiom.relation
        pairs = list(self._pairs(term))
        match axiom.form:
            case AxiomForm.EMPTY:
                return self._sides(term, pairs[0])
            case AxiomForm.IRREFLEXIVE:
                ways = [self._links(term, pair) for pair in pairs if pair[0] == pair[1]]
            case _:
                starts = dict.fromkeys(first for first, _ in pairs)
                ways = [self._shortest(term, (start, start)) for start in starts]
        return min((way for way in ways if way), key=len)

    def _sides(self, term: Relation, pair: tuple[int, int]) -> list[Link]:
        """Both parts of an intersection that must be empty."""
        match term:
            case terms.Union(parts):
                return next(self._sides(x, pair) for x in parts if self._has(x, pair))
            case terms.Named(name) if isinstance(
                self.terms.get(name), terms.Union | terms.Intersection
            ):
                return self._sides(self._relation(name), pair)
            case terms.Intersection(left, terms.Inverse(right)):
                return [*self._links(left, pair), *self._links(right, (pair[1], pair[0]))]
            case terms.Intersection(left, right):
                back = [Link(*pair[::-1], f"{one.name}^-1") for one in self._links(left, pair)]
                return [*self._links(right, pair), *back[:1]]
        return self._links(term, pair)

    def _relation(self, name: str) -> Relation:
        term = self.terms[name]
        assert not isinstance(term, EventSet), name
        return term

    # ------------------------------------------------------------ pairs

    def _row(self, term: Relation, event: int) -> int:
        return self.evaluation.pairs(term)[event]

    def _has(self, term: Relation, pair: tuple[int, int]) -> bool:
        return bool(self._row(term, pair[0]) >> pair[1] & 1)

    def _pairs(self, term: Relation) -> Iterator[tuple[int, int]]:
        for event, row in enumerate(self.evaluation.pairs(term)):
            yield from ((event, other) for other in bits(row))

    # ------------------------------------------------------------ steps

    def _links(self, term: Relation, pair: tuple[int, int]) -> list[Link]:
        """The steps of which a pair of a relation is made; `po` where it is nothing but order.

        Raises Circular where the only ways lead through what is being taken apart.
        """
        match term:
            case terms.Base(name):
                return [Link(*pair, name if name in TOLD else PO)]
            case terms.Named(name):
                return self._named(name, pair)
            case terms.Union(parts):
                having = (part for part in parts if self._has(part, pair))
                return _first(partial(self._links, part, pair) for part in having)
            case terms.Intersection(left, right):
                found = self._links(left, pair)
                return self._links(right, pair) if _glue(found) else found
            case terms.Difference(left):
                return self._links(left, pair)
            case terms.Sequence(left, right):
                middles = [
                    m for m in bits(self._row(left, pair[0])) if self._has(right, (m, pair[1]))
                ]
                return _first(partial(self._through, left, m, right, pair) for m in middles)
            case terms.Star(inner) | terms.Closure(inner):
                same = pair[0] == pair[1] and isinstance(term, terms.Star)
                return [] if same else self._shortest(inner, pair)
            case terms.Optional(inner):
                return [] if pair[0] == pair[1] else self._links(inner, pair)
            case terms.Identity():
                return []
            case terms.Inverse() | terms.Complement() | terms.Product() | terms.Nested():
                return [Link(*pair, PO)]

    def _through(
        self, left: Relation, middle: int, right: Relation, pair: tuple[int, int]
    ) -> list[Link]:
        return self._links(left, (pair[0], middle)) + self._links(right, (middle, pair[1]))

    def _named(self, name: str, pair: tuple[int, int]) -> list[Link]:
        if (name, pair) in self.open:
            raise Circular
        self.open.add((name, pair))
        try:
            found = self._links(self._relation(name), pair)
        finally:
            self.open.remove((name, pair))
        if not _glue(found):
            return found
        inside = [self._has(WITHIN, (one.first, one.second)) for one in found]
        if all(inside):
            return [Link(*pair, name)]
        return [
            replace(one, name=name) if one.name == PO and within else one
            for one, within in zip(found, inside, strict=True)
        ]

    def _shortest(self, term: Relation, pair: tuple[int, int]) -> list[Link]:
        """The steps of the fewest pairs that lead from an event to another; none if none do."""
        ways: dict[int, list[tuple[int, int]]] = {}
        waiting: list[tuple[int, list[tuple[int, int]]]] = [(pair[0], [])]
        while waiting:
            coming = []
            for event, way in waiting:
                for other in bits(self._row(term, event)):
                    if other not in ways:
                        ways[other] = [*way, (event, other)]
                        coming.append((other, ways[other]))
            if pair[1] in ways:
                return [link for step in ways[pair[1]] for link in self._links(term, step)]
            waiting = coming
        return []
