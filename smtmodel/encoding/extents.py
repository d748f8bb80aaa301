"""Which pairs a model's terms can have, and which they have in any case, before any constraint.

Takes the base relations of a litmus test, gives for each term an upper and a lower bound: what may
be in it where both nodes happen, and what then is in it whatever else happens. The cases are in the
order of `smtmodel.executions.evaluate`, whose matrices these are too.
"""

from collections.abc import Mapping

from smtmodel.encoding.formula import FALSE, TRUE, Literal
from smtmodel.encoding.nodes import Nodes
from smtmodel.encoding.relations import NotCompiled
from smtmodel.executions.matrices import Pair
from smtmodel.models import terms
from smtmodel.models.terms import Defined, EventSet, Group, Recursion, Relation, places
from smtmodel.source.bits import bits

Extent = tuple[int, int]
"""At most and at least."""

NOTHING: Extent = (0, 0)
DEEPEST = 30
"""So many definitions may be gone into at once."""


class Extents:
    """The bounds of one model's terms over one test's nodes."""

    def __init__(self, nodes: Nodes, definitions: tuple[Group, ...]) -> None:
        self.nodes = nodes
        self._made = nodes.matrices
        self._identity = nodes.matrices.identity(nodes.everything)
        self._definitions = definitions
        self._places = places(definitions)
        self._reached: set[int] = set()
        self._depth = 0
        self._events: dict[str, int] = {}
        self._sets: dict[str, Extent] = {}
        self._relations: dict[str, Extent] = {}
        self._terms: dict[int, Extent] = {}
        self._nested: dict[int, dict[Pair, Literal]] = {}

    # ------------------------------------------------------------ sets

    def members(self, term: EventSet) -> Extent:
        """The bounds of a set."""
        if id(term) not in self._terms:
            self._terms[id(term)] = self._members(term)
        return self._terms[id(term)]

    def _members(self, term: EventSet) -> Extent:
        match term:
            case terms.Events(name):
                if name not in self._events:
                    self._events[name] = self.nodes.members(name)
                return self._events[name], self._events[name]
            case terms.NamedSet(name):
                self._reach(name, self._sets)
                return self._sets[name]
            case terms.AnyIn(sets):
                found = list(map(self.members, sets))
                return _joined(found)
            case terms.AllIn(sets):
                most = least = self.nodes.everything
                for part in map(self.members, sets):
                    most, least = most & part[0], least & part[1]
                return most, least
            case terms.Except(kept, removed):
                ours, theirs = self.members(kept), self.members(removed)
                return ours[0] & ~theirs[1], ours[1] & ~theirs[0]
            case terms.Outside(inner):
                most, least = self.members(inner)
                return self.nodes.everything & ~least, self.nodes.everything & ~most
            case terms.Domain(relation):
                most, least = self.relation(relation)
                return self._made.domain(most), self._made.domain(least & self.nodes.implied)
            case terms.Range(relation):
                most, least = self.relation(relation)
                sure = least & self.nodes.implying
                return self._made.range(most), self._made.range(sure)

    # ------------------------------------------------------------ relations

    def relation(self, term: Relation) -> Extent:
        """The bounds of a relation."""
        if id(term) not in self._terms:
            self._terms[id(term)] = self._relation(term)
        return self._terms[id(term)]

    def _relation(self, term: Relation) -> Extent:
        made = self._made
        match term:
            case terms.Base(name):
                return self.nodes.most(name), self.nodes.least(name)
            case terms.Named(name):
                self._reach(name, self._relations)
                return self._relations[name]
            case terms.Union(several):
                found = list(map(self.relation, several))
                return _joined(found)
            case terms.Intersection(left) | terms.Difference(left) | terms.Sequence(left):
                ours = self.relation(left)
                return self._with(term, ours, self.relation(term.right)) if ours[0] else NOTHING
            case terms.Inverse(inner):
                most, least = self.relation(inner)
                return made.inverse(most), made.inverse(least)
            case terms.Closure(inner):
                return self._closure(self.relation(inner))
            case terms.Optional(inner):
                most, least = self.relation(inner)
                return most | self._identity, least | self._identity
            case terms.Star(inner):
                most, least = self._closure(self.relation(inner))
                return most | self._identity, least | self._identity
            case terms.Complement(inner):
                most, least = self.relation(inner)
                return self.nodes.together & ~least, self.nodes.together & ~most
            case terms.Identity(inside):
                most, least = self.members(inside)
                return made.identity(most), made.identity(least)
            case terms.Product(left_set, right_set):
                (first, sure), (second, certain) = self.members(left_set), self.members(right_set)
                both = made.product(first, second), made.product(sure, certain)
                return both[0] & self.nodes.together, both[1] & self.nodes.together
            case terms.Nested():
                return self._bounds(self.nested(term))

    def _with(
        self,
        term: terms.Intersection | terms.Difference | terms.Sequence,
        ours: Extent,
        theirs: Extent,
    ) -> Extent:
        """Of two parts together, the first of which may have a pair."""
        match term:
            case terms.Intersection():
                return ours[0] & theirs[0], ours[1] & theirs[1]
            case terms.Difference():
                return ours[0] & ~theirs[1], ours[1] & ~theirs[0]
            case terms.Sequence():
                return self._sequence(ours, theirs)

    def _sequence(self, ours: Extent, theirs: Extent) -> Extent:
        most = self._made.sequence(ours[0], theirs[0]) & self.nodes.together
        return most, self.certainly(ours[1], theirs[1]) & self.nodes.together

    def certainly(self, ours: int, theirs: int) -> int:
        """Pairs in sequence through a node that happens if one of the ends does."""
        made, nodes = self._made, self.nodes
        sure = made.sequence(ours & nodes.implied, theirs)
        return sure | made.sequence(ours, theirs & nodes.implying)

    def _closure(self, inner: Extent) -> Extent:
        most = self._made.closed(inner[0]) & self.nodes.together
        found, before = inner[1], 0
        while found != before:
            before = found
            found |= self.certainly(found, inner[1])
        return most, found & self.nodes.together

    # ------------------------------------------------------------ brackets

    def nested(self, term: terms.Nested) -> dict[Pair, Literal]:
        """When a closing event is the one that belongs to an opening one, lane by lane."""
        if id(term) not in self._nested:
            opening, closing = self._exact(term.opening), self._exact(term.closing)
            self._nested[id(term)] = {
                pair: literal
                for first in bits(opening)
                for pair, literal in self._closings(first, opening, closing)
                if literal != FALSE
            }
        return self._nested[id(term)]

    def _exact(self, term: EventSet) -> int:
        most, least = self.members(term)
        if most != least:
            raise NotCompiled("brackets that are so on a condition")
        return most

    def _closings(self, first: int, opening: int, closing: int) -> list[tuple[Pair, Literal]]:
        """`open[d]`: the literal that d brackets within the first one are open, and it is too."""
        nodes, formula = self.nodes, self.nodes.encoding.formula
        event, found, open_ = nodes.events[first], [], [TRUE]
        for later in nodes.events[first + 1 :]:
            if later.lane != event.lane:
                break
            happens = nodes.happens(later.number)
            if not (opening | closing) >> later.number & 1:
                continue
            if closing >> later.number & 1:
                found.append(((first, later.number), open_[0]))
            open_.append(FALSE)
            step = -1 if opening >> later.number & 1 else 1
            coming = [FALSE, *open_] if step < 0 else [*open_[1:], FALSE]
            open_ = [
                formula.any_of((formula.all_of((happens, new)), formula.all_of((-happens, old))))
                for new, old in zip(coming, open_, strict=False)
            ]
        return found

    def _bounds(self, literals: Mapping[Pair, Literal]) -> Extent:
        width = self._made.width
        most = sum(1 << a * width + b for a, b in literals)
        least = sum(1 << a * width + b for (a, b), x in literals.items() if x == TRUE)
        return most & self.nodes.together, least & self.nodes.together

    # ------------------------------------------------------------ definitions

    def _reach(self, name: str, known: Mapping[str, object]) -> None:
        """Makes the bounds of the definition of that name known, and of what it turns out to need.

        Where one needs another through a long chain, they are gone through in their order
        instead, so that it is no deep recursion.
        """
        if name in known:
            return
        last = self._places[name]
        self._depth += 1
        for place in range(last if self._depth < DEEPEST else 0, last + 1):
            if place not in self._reached:
                self._reached.add(place)
                self._bound(self._definitions[place])
        self._depth -= 1

    def _bound(self, group: Group) -> None:
        if isinstance(group, Recursion):
            self._repeat(group)
        else:
            self._define(group)

    def _define(self, definition: Defined) -> bool:
        """Whether the definition's bounds are others than before."""
        if isinstance(definition.term, EventSet):
            known, value = self._sets, self.members(definition.term)
        else:
            known, value = self._relations, self.relation(definition.term)
        changed = known.get(definition.name) != value
        known[definition.name] = value
        return changed

    def _repeat(self, group: Recursion) -> None:
        """From nothing, until nothing is added: both bounds are those of a least fixpoint."""
        if not group.monotone:
            raise NotCompiled("recursion under a negation")
        for definition in group.definitions:
            known = self._sets if isinstance(definition.term, EventSet) else self._relations
            known[definition.name] = (0, 0)
        changed = True
        while changed:
            before = dict(self._terms)
            defined = [self._define(definition) for definition in group.definitions]
            changed = any(defined)
            if changed:
                self._terms = before


def _joined(found: list[Extent]) -> Extent:
    most = least = 0
    for upper, lower in found:
        most, least = most | upper, least | lower
    return most, least
