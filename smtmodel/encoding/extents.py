"""Which pairs a model's terms can have, and which they have in any case, before any constraint.

Takes the base relations of a litmus test, gives for each term an upper and a lower bound: what may
be in it where both nodes happen, and what then is in it whatever else happens. The cases are in the
order of `smtmodel.executions.evaluate`, whose matrices these are too.
"""

from collections.abc import Callable
from typing import Any

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
        self._defined: dict[str, Extent] = {}
        self._terms: dict[int, Extent] = {}
        self._nested: dict[int, dict[Pair, Literal]] = {}

    # ------------------------------------------------------------ sets

    def members(self, term: EventSet) -> Extent:
        """The bounds of a set."""
        return self._bounds(term)

    def relation(self, term: Relation) -> Extent:
        """The bounds of a relation."""
        return self._bounds(term)

    def _bounds(self, term: Relation | EventSet) -> Extent:
        found = self._terms.get(id(term))
        if found is None:
            found = self._terms[id(term)] = _CASES[type(term)](self, term)
        return found

    def _tagged(self, term: terms.Events) -> Extent:
        if term.name not in self._events:
            self._events[term.name] = self.nodes.members(term.name)
        return self._events[term.name], self._events[term.name]

    def _named(self, term: terms.Named | terms.NamedSet) -> Extent:
        if term.name not in self._defined:
            self._reach(term.name)
        return self._defined[term.name]

    def _any(self, term: terms.AnyIn | terms.Union) -> Extent:
        most = least = 0
        for part in term.sets if isinstance(term, terms.AnyIn) else term.terms:
            upper, lower = self._bounds(part)
            most, least = most | upper, least | lower
        return most, least

    def _every(self, term: terms.AllIn) -> Extent:
        most = least = self.nodes.everything
        for part in map(self.members, term.sets):
            most, least = most & part[0], least & part[1]
        return most, least

    def _except(self, term: terms.Except) -> Extent:
        ours, theirs = self._bounds(term.kept), self._bounds(term.removed)
        return ours[0] & ~theirs[1], ours[1] & ~theirs[0]

    def _outside(self, term: terms.Outside) -> Extent:
        most, least = self._bounds(term.set)
        return self.nodes.everything & ~least, self.nodes.everything & ~most

    def _domain(self, term: terms.Domain) -> Extent:
        most, least = self._bounds(term.relation)
        return self._made.domain(most), self._made.domain(least & self.nodes.implied)

    def _range(self, term: terms.Range) -> Extent:
        most, least = self._bounds(term.relation)
        return self._made.range(most), self._made.range(least & self.nodes.implying)

    # ------------------------------------------------------------ relations

    def _base(self, term: terms.Base) -> Extent:
        return self.nodes.most(term.name), self.nodes.least(term.name)

    def _intersection(self, term: terms.Intersection) -> Extent:
        ours = self._bounds(term.left)
        if not ours[0]:
            return NOTHING
        theirs = self._bounds(term.right)
        return ours[0] & theirs[0], ours[1] & theirs[1]

    def _difference(self, term: terms.Difference) -> Extent:
        ours = self._bounds(term.left)
        if not ours[0]:
            return NOTHING
        theirs = self._bounds(term.right)
        return ours[0] & ~theirs[1], ours[1] & ~theirs[0]

    def _sequence(self, term: terms.Sequence) -> Extent:
        """Of two parts, where a set of events may be one of them."""
        left, right, every = term.left, term.right, self.nodes.everything
        if type(left) is terms.Identity:
            most, least = self._bounds(left.set)
            if not most:
                return NOTHING
            ours, made = self._bounds(right), self._made
            return ours[0] & made.product(most, every), ours[1] & made.product(least, every)
        ours = self._bounds(left)
        if not ours[0]:
            return NOTHING
        if type(right) is terms.Identity:
            most, least = self._bounds(right.set)
            return ours[0] & self._made.ending_in(most), ours[1] & self._made.ending_in(least)
        theirs = self._bounds(right)
        most = self._made.sequence(ours[0], theirs[0]) & self.nodes.together
        return most, self.certainly(ours[1], theirs[1]) & self.nodes.together

    def _inverse(self, term: terms.Inverse) -> Extent:
        most, least = self._bounds(term.term)
        return self._made.inverse(most), self._made.inverse(least)

    def _closure(self, term: terms.Closure) -> Extent:
        return self._closed(self._bounds(term.term))

    def _optional(self, term: terms.Optional) -> Extent:
        most, least = self._bounds(term.term)
        return most | self._identity, least | self._identity

    def _star(self, term: terms.Star) -> Extent:
        most, least = self._closed(self._bounds(term.term))
        return most | self._identity, least | self._identity

    def _complement(self, term: terms.Complement) -> Extent:
        most, least = self._bounds(term.term)
        return self.nodes.together & ~least, self.nodes.together & ~most

    def _on(self, term: terms.Identity) -> Extent:
        most, least = self._bounds(term.set)
        return self._made.identity(most), self._made.identity(least)

    def _product(self, term: terms.Product) -> Extent:
        (first, sure), (second, certain) = self._bounds(term.left), self._bounds(term.right)
        both = self._made.product(first, second), self._made.product(sure, certain)
        return both[0] & self.nodes.together, both[1] & self.nodes.together

    def certainly(self, ours: int, theirs: int) -> int:
        """Pairs in sequence through a node that happens if one of the ends does."""
        made, nodes = self._made, self.nodes
        sure = made.sequence(ours & nodes.implied, theirs)
        return sure | made.sequence(ours, theirs & nodes.implying)

    def _closed(self, inner: Extent) -> Extent:
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

    def _brackets(self, term: terms.Nested) -> Extent:
        literals, width = self.nested(term), self._made.width
        most = sum(1 << a * width + b for a, b in literals)
        least = sum(1 << a * width + b for (a, b), x in literals.items() if x == TRUE)
        return most & self.nodes.together, least & self.nodes.together

    # ------------------------------------------------------------ definitions

    def _reach(self, name: str) -> None:
        """Makes the bounds of the definition of that name known, and of what it turns out to need.

        Where one needs another through a long chain, they are gone through in their order
        instead, so that it is no deep recursion.
        """
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
        value = self._bounds(definition.term)
        changed = self._defined.get(definition.name) != value
        self._defined[definition.name] = value
        return changed

    def _repeat(self, group: Recursion) -> None:
        """From nothing, until nothing is added: both bounds are those of a least fixpoint."""
        if not group.monotone:
            raise NotCompiled("recursion under a negation")
        for definition in group.definitions:
            self._defined[definition.name] = NOTHING
        changed = True
        while changed:
            before = dict(self._terms)
            defined = [self._define(definition) for definition in group.definitions]
            changed = any(defined)
            if changed:
                self._terms = before


_CASES: dict[type, Callable[[Extents, Any], Extent]] = {
    terms.Events: Extents._tagged,
    terms.NamedSet: Extents._named,
    terms.AnyIn: Extents._any,
    terms.AllIn: Extents._every,
    terms.Except: Extents._except,
    terms.Outside: Extents._outside,
    terms.Domain: Extents._domain,
    terms.Range: Extents._range,
    terms.Base: Extents._base,
    terms.Named: Extents._named,
    terms.Union: Extents._any,
    terms.Intersection: Extents._intersection,
    terms.Difference: Extents._difference,
    terms.Sequence: Extents._sequence,
    terms.Inverse: Extents._inverse,
    terms.Closure: Extents._closure,
    terms.Optional: Extents._optional,
    terms.Star: Extents._star,
    terms.Complement: Extents._complement,
    terms.Identity: Extents._on,
    terms.Product: Extents._product,
    terms.Nested: Extents._brackets,
}
"""What bounds a term of each class: a `match` would ask about one class after another."""
