"""A model's definitions as constraints, pair by pair and only where an axiom asks.

The reading of terms for litmus tests, whose models name dozens of relations in terms of each other;
`smtmodel.encoding.relations` is that for protocols, whose models are small and put instants on a
clock. A pair that may be in a relation, and need not be, gets a literal when it is asked for.

Which literals suffice. An axiom can fail only by what is in its relation. So a literal that
*covers* a pair need hold where the pair is in, and may hold where it is not: an execution that the
axioms allow also satisfies them with the smallest literals. Right of a difference the opposite is
asked for, a literal that *shows* a pair: where it holds, the pair is in. So is what a flag asserts.
The literals of a covering recursion are therefore implied, and of all solutions the least is the
relation. A showing closure counts its steps, as one that supports itself would show too much; a
showing recursion is refused. All literals take for granted that both ends happen.
"""

from collections.abc import Callable, Iterable
from typing import Any

from smtmodel.encoding.extents import Extents
from smtmodel.encoding.formula import FALSE, TRUE, Literal, Reason
from smtmodel.encoding.memory import Body
from smtmodel.encoding.nodes import Nodes, pairs, simple
from smtmodel.encoding.relations import NotCompiled
from smtmodel.executions.matrices import Pair
from smtmodel.models import terms
from smtmodel.models.terms import Axiom, AxiomForm, EventSet, Flag, Model, Recursion, Relation
from smtmodel.source.bits import bits

PAIR = Reason("a pair is in a relation that the model defines")
DEEPEST = 40
"""So many definitions may be gone into at once; what is deeper waits for its turn."""


class Definitions:
    """The definitions of one model over one test; `covering`: who else gives literals for what."""

    def __init__(self, nodes: Nodes, model: Model) -> None:
        self.nodes = nodes
        self.formula = nodes.encoding.formula
        self.extents = Extents(nodes, model.definitions)
        self._terms: dict[str, Relation | EventSet] = {}
        self._recursive: set[str] = set()
        for group in model.definitions:
            several = group.definitions if isinstance(group, Recursion) else (group,)
            self._terms |= {one.name: one.term for one in several}
            if isinstance(group, Recursion):
                self._recursive |= {one.name for one in several}
        self.covering: dict[str, Callable[[Pair], Literal]] = {}
        self._literals: dict[tuple[object, int, int, bool], Literal] = {}
        self._inside: dict[tuple[int, int, bool], Literal] = {}
        self._named: dict[tuple[frozenset[Body], bool], Literal] = {}
        self._waiting: list[tuple[Relation, Pair, bool, Literal]] = []
        self._depth = 0
        self._kept: list[Relation] = []
        self._clocks: dict[int, str] = {}
        self._stepping: dict[int, int] = {}

    # ------------------------------------------------------------ axioms

    def require(self, axiom: Axiom) -> None:
        """States an axiom."""
        reason = Reason(axiom.reason)
        match axiom.form:
            case AxiomForm.ACYCLIC:
                self._acyclic(axiom, reason)
            case AxiomForm.IRREFLEXIVE:
                most, _ = self.extents.relation(axiom.relation)
                self._without(axiom, [pair for pair in self._pairs(most) if pair[0] == pair[1]])
            case AxiomForm.EMPTY:
                most, _ = self.extents.relation(axiom.relation)
                self._without(axiom, self._pairs(most))
            case AxiomForm.CYCLIC | AxiomForm.REFLEXIVE | AxiomForm.INHABITED:
                raise NotCompiled(axiom.form.value)
        self.finish()

    def raised(self, flag: Flag) -> Literal:
        """A literal that shows that a flag is raised; FALSE where it never is."""
        relation = flag.relation
        match flag.form:
            case AxiomForm.INHABITED | AxiomForm.REFLEXIVE | AxiomForm.CYCLIC:
                if flag.form is AxiomForm.CYCLIC:
                    relation = self._closed(relation)
                found = self._asked(relation, diagonal=flag.form is not AxiomForm.INHABITED)
                shown = [
                    self.formula.all_of((*self._happen(pair), self.pair(relation, pair, False)))
                    for pair in found
                ]
                literal = self.formula.any_of(shown)
            case AxiomForm.EMPTY | AxiomForm.IRREFLEXIVE:
                found = self._asked(relation, diagonal=flag.form is AxiomForm.IRREFLEXIVE)
                absent = [
                    -self.formula.all_of((*self._happen(pair), self.pair(relation, pair, True)))
                    for pair in found
                ]
                literal = self.formula.all_of(absent)
            case AxiomForm.ACYCLIC:
                raise NotCompiled("a flag that says that something is acyclic")
        self.finish()
        return literal

    def _closed(self, relation: Relation) -> Relation:
        """The closure, kept: terms are known by their identity, which must not be given twice."""
        self._kept.append(terms.Closure(relation))
        return self._kept[-1]

    def _asked(self, relation: Relation, *, diagonal: bool) -> list[Pair]:
        most, _ = self.extents.relation(relation)
        return [(a, b) for a, b in self._pairs(most) if a == b or not diagonal]

    def _pairs(self, relation: int) -> list[Pair]:
        return pairs(self.nodes.matrices, relation)

    def _happen(self, pair: Pair) -> Body:
        return tuple(map(self.nodes.happens, pair))

    def _without(self, axiom: Axiom, found: list[Pair]) -> None:
        for pair in found:
            for body in self.ways(axiom.relation, pair, True):
                self.formula.implies((*self._happen(pair), *body), [], Reason(axiom.reason))

    def _acyclic(self, axiom: Axiom, reason: Reason) -> None:
        """Only pairs that may lie on a cycle are put on the clock, if others do not put them."""
        made = self.nodes.matrices
        most, least = self.extents.relation(axiom.relation)
        cyclic = most & made.inverse(made.closed(most))
        for pair in self._pairs(cyclic & ~self.implied(least & cyclic)):
            for body in self.ways(axiom.relation, pair, True):
                before = [] if pair[0] == pair[1] else [self.formula.before(axiom.name, *pair)]
                self.formula.implies((*self._happen(pair), *body), before, reason)

    def implied(self, least: int) -> int:
        """Pairs in program order that follow from two others or more.

        The nodes between surely happen, and program order has no cycle, so that all follow from
        those which are left.
        """
        ordered = least & self.nodes.most("po")
        found, before = self.extents.certainly(ordered, ordered), 0
        while found != before:
            before = found
            found |= self.extents.certainly(found, ordered)
        return found

    # ------------------------------------------------------------ pairs

    def pair(self, term: Relation, pair: Pair, covers: bool) -> Literal:
        """A literal that covers a pair of a relation, or that shows it."""
        most, least = self.extents.relation(term)
        place = pair[0] * self.nodes.matrices.width + pair[1]
        if least >> place & 1:
            return TRUE
        if not most >> place & 1:
            return FALSE
        name = term.name if isinstance(term, terms.Named) else id(term)
        key = (name, *pair, covers)
        if key not in self._literals:
            if covers and name in self.covering:
                self._literals[key] = self.covering[name](pair)
            elif self._waits(term, covers):
                literal = self.formula.new(f"p{len(self.formula.names)}")
                self._literals[key] = literal
                self._waiting.append((term, pair, covers, literal))
            else:
                self._depth += 1
                self._literals[key] = self._name(self.ways(term, pair, covers), covers)
                self._depth -= 1
        return self._literals[key]

    def _waits(self, term: Relation, covers: bool) -> bool:
        """Whether the literal is named before it is known what it stands for."""
        if isinstance(term, terms.Closure | terms.Star) or self._depth > DEEPEST:
            return True
        recursive = isinstance(term, terms.Named) and term.name in self._recursive
        if recursive and not covers:
            raise NotCompiled("recursion under a negation")
        return recursive

    def finish(self) -> None:
        """Says what the literals that wait stand for."""
        while self._waiting:
            term, pair, covers, literal = self._waiting.pop()
            self._state(literal, self._defining(term, pair, covers), covers)

    def _state(self, literal: Literal, bodies: Iterable[Body], covers: bool) -> None:
        if covers:
            for body in bodies:
                self.formula.implies(body, [literal], PAIR)
        else:
            self.formula.implies([literal], [self.formula.all_of(b) for b in bodies], PAIR)

    def _name(self, bodies: list[Body], covers: bool) -> Literal:
        """A literal for the ways, one for those that are alike."""
        if () in bodies:
            return TRUE
        if not bodies:
            return FALSE
        if len(bodies) == len(bodies[0]) == 1:
            return bodies[0][0]
        key = (frozenset(bodies), covers)
        if key not in self._named:
            self._named[key] = self.formula.new(f"p{len(self.formula.names)}")
            self._state(self._named[key], bodies, covers)
        return self._named[key]

    # ------------------------------------------------------------ ways

    def ways(self, term: Relation, pair: Pair, covers: bool) -> list[Body]:
        """The conditions of which one holds where a pair is in a relation that may have it."""
        return _CASES[type(term)](self, term, pair, covers)

    def _base(self, term: terms.Base, pair: Pair, covers: bool) -> list[Body]:
        return self.nodes.ways(term.name, pair)

    def _by_name(self, term: terms.Named, pair: Pair, covers: bool) -> list[Body]:
        if term.name in self._recursive:
            return self._itself(term, pair, covers)
        return self._usable(self._term(term.name), pair, covers)

    def _itself(self, term: Relation, pair: Pair, covers: bool) -> list[Body]:
        return simple([(self.pair(term, pair, covers),)])

    def _star(self, term: terms.Star, pair: Pair, covers: bool) -> list[Body]:
        return [()] if pair[0] == pair[1] else self._itself(term, pair, covers)

    def _union(self, term: terms.Union, pair: Pair, covers: bool) -> list[Body]:
        return simple([body for one in term.terms for body in self._usable(one, pair, covers)])

    def _intersection(self, term: terms.Intersection, pair: Pair, covers: bool) -> list[Body]:
        left = self.pair(term.left, pair, covers)
        return simple([(left, self.pair(term.right, pair, covers))])

    def _difference(self, term: terms.Difference, pair: Pair, covers: bool) -> list[Body]:
        kept = self.pair(term.left, pair, covers)
        return simple([(kept, -self.pair(term.right, pair, not covers))])

    def _sequence(self, term: terms.Sequence, pair: Pair, covers: bool) -> list[Body]:
        left, right = term.left, term.right
        if type(left) is terms.Identity:
            member = self.member(left.set, pair[0], covers)
            return simple([(member, *body) for body in self._usable(right, pair, covers)])
        if type(right) is terms.Identity:
            member = self.member(right.set, pair[1], covers)
            return simple([(*body, member) for body in self._usable(left, pair, covers)])
        return self._through(left, right, pair, covers)

    def _inverse(self, term: terms.Inverse, pair: Pair, covers: bool) -> list[Body]:
        return self._usable(term.term, (pair[1], pair[0]), covers)

    def _optional(self, term: terms.Optional, pair: Pair, covers: bool) -> list[Body]:
        return [()] if pair[0] == pair[1] else self._usable(term.term, pair, covers)

    def _complement(self, term: terms.Complement, pair: Pair, covers: bool) -> list[Body]:
        return simple([(-self.pair(term.term, pair, not covers),)])

    def _on(self, term: terms.Identity, pair: Pair, covers: bool) -> list[Body]:
        same = pair[0] == pair[1]
        return simple([(self.member(term.set, pair[0], covers),)]) if same else []

    def _product(self, term: terms.Product, pair: Pair, covers: bool) -> list[Body]:
        left = self.member(term.left, pair[0], covers)
        return simple([(left, self.member(term.right, pair[1], covers))])

    def _nested(self, term: terms.Nested, pair: Pair, covers: bool) -> list[Body]:
        return simple([(self.extents.nested(term).get(pair, FALSE),)])

    def _usable(self, term: Relation, pair: Pair, covers: bool) -> list[Body]:
        """The ways of a part, which may have the pair or not."""
        most, least = self.extents.relation(term)
        place = pair[0] * self.nodes.matrices.width + pair[1]
        if least >> place & 1:
            return [()]
        if not most >> place & 1:
            return []
        if isinstance(term, terms.Named):
            return simple([(self.pair(term, pair, covers),)])
        return self.ways(term, pair, covers)

    def _through(self, left: Relation, right: Relation, pair: Pair, covers: bool) -> list[Body]:
        first, last = pair
        return simple(
            [
                (
                    self.pair(left, (first, middle), covers),
                    self._between(middle, pair),
                    self.pair(right, (middle, last), covers),
                )
                for middle in self._middles(left, right, pair)
            ]
        )

    def _middles(self, left: Relation, right: Relation, pair: Pair) -> Iterable[int]:
        made = self.nodes.matrices
        row = self.extents.relation(left)[0] >> pair[0] * made.width & self.nodes.everything
        column = self._column(right, pair[1])
        return bits(row & column)

    def _column(self, term: Relation, last: int) -> int:
        made = self.nodes.matrices
        return made.column(self.extents.relation(term)[0], last)

    def _between(self, middle: int, pair: Pair) -> Literal:
        """That a node between two others happens, if that is not sure."""
        certain = self.nodes.certain
        if (certain[pair[0]] | certain[pair[1]]) >> middle & 1:
            return TRUE
        return self.nodes.happens(middle)

    def _defining(self, term: Relation, pair: Pair, covers: bool) -> list[Body]:
        """What a literal that was named first stands for."""
        match term:
            case terms.Named(name):
                return self.ways(self._term(name), pair, covers)
            case terms.Star(inner) | terms.Closure(inner):
                return self._steps(term, inner, pair, covers)
        return self.ways(term, pair, covers)

    def _steps(self, closed: Relation, inner: Relation, pair: Pair, covers: bool) -> list[Body]:
        """One step, or a shorter way and one step more; `shorter` keeps it from going round."""
        first, last = pair
        found = list(self._usable(inner, pair, covers))
        row = self.extents.relation(closed)[0] >> first * self.nodes.matrices.width
        for middle in bits(row & self.nodes.matrices.column(self._last_steps(inner), last)):
            if middle not in pair:
                shorter = TRUE if covers else self._shorter(closed, (first, middle), pair)
                found.append(
                    (
                        self.pair(closed, (first, middle), covers),
                        self._between(middle, pair),
                        self.pair(inner, (middle, last), covers),
                        shorter,
                    )
                )
        return simple(found)

    def _last_steps(self, inner: Relation) -> int:
        """The steps of a closure that are no two steps in any case."""
        if id(inner) not in self._stepping:
            most, least = self.extents.relation(inner)
            self._stepping[id(inner)] = most & ~self.implied(least)
        return self._stepping[id(inner)]

    def _shorter(self, closed: Relation, one: Pair, other: Pair) -> Literal:
        clock = self._clocks.setdefault(id(closed), f"steps{len(self._clocks)}")
        return self.formula.before(clock, "{}_{}".format(*one), "{}_{}".format(*other))

    def _term(self, name: str) -> Relation:
        term = self._terms[name]
        if isinstance(term, EventSet):
            raise KeyError(name)
        return term

    # ------------------------------------------------------------ sets

    def member(self, term: EventSet, node: int, covers: bool) -> Literal:
        """A literal that covers that a node is in a set, or that shows it."""
        most, least = self.extents.members(term)
        if least >> node & 1:
            return TRUE
        if not most >> node & 1:
            return FALSE
        key = (id(term), node, covers)
        if key not in self._inside:
            self._inside[key] = self._member(term, node, covers)
        return self._inside[key]

    def _member(self, term: EventSet, node: int, covers: bool) -> Literal:
        some, every = self.formula.any_of, self.formula.all_of
        match term:
            case terms.Events(name):
                raise KeyError(name)
            case terms.NamedSet(name):
                named = self._terms[name]
                if not isinstance(named, EventSet):
                    raise KeyError(name)
                if name in self._recursive:
                    raise NotCompiled("a set that is defined by itself")
                return self.member(named, node, covers)
            case terms.AnyIn(sets):
                return some([self.member(one, node, covers) for one in sets])
            case terms.AllIn(sets):
                return every([self.member(one, node, covers) for one in sets])
            case terms.Except(kept, removed):
                absent = -self.member(removed, node, not covers)
                return every((self.member(kept, node, covers), absent))
            case terms.Outside(inner):
                return -self.member(inner, node, not covers)
            case terms.Domain(relation):
                row = self.extents.relation(relation)[0] >> node * self.nodes.matrices.width
                return some(
                    [
                        every((self.nodes.happens(b), self.pair(relation, (node, b), covers)))
                        for b in bits(row & self.nodes.everything)
                    ]
                )
            case terms.Range(relation):
                return some(
                    [
                        every((self.nodes.happens(a), self.pair(relation, (a, node), covers)))
                        for a in bits(self._column(relation, node))
                    ]
                )


_CASES: dict[type, Callable[[Definitions, Any, Pair, bool], list[Body]]] = {
    terms.Base: Definitions._base,
    terms.Named: Definitions._by_name,
    terms.Union: Definitions._union,
    terms.Intersection: Definitions._intersection,
    terms.Difference: Definitions._difference,
    terms.Sequence: Definitions._sequence,
    terms.Inverse: Definitions._inverse,
    terms.Closure: Definitions._itself,
    terms.Optional: Definitions._optional,
    terms.Star: Definitions._star,
    terms.Complement: Definitions._complement,
    terms.Identity: Definitions._on,
    terms.Product: Definitions._product,
    terms.Nested: Definitions._nested,
}
"""What says when a pair is in a term of each class."""
