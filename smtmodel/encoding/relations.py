"""Memory models as constraints: one of the two readings of their terms.

The other reading, over finite sets, is `smtmodel.executions.evaluate`; both go through the
cases in the same order. Initial writes are left out: nothing is ordered before them, so no axiom
can fail through them as long as no term goes back to a write and from there to another event
(`rf^-1 ; co`; `fr` is a base relation and knows of them).
"""

from smtmodel.encoding.base import BaseRelations, Pair, Pairs, none
from smtmodel.encoding.formula import FALSE, TRUE, Literal, Reason
from smtmodel.encoding.memory import Body
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Event
from smtmodel.events.sets import member, needs_success
from smtmodel.models import terms
from smtmodel.models.terms import Axiom, AxiomForm, EventSet, Group, Relation
from smtmodel.source.bits import bits
from smtmodel.source.record import field, record


@record(frozen=False)
class Members:
    """`static` has bit e where e is in the set; `conditional` events are in it on a condition."""

    static: int
    conditional: dict[int, Literal] = field(default_factory=dict)


class NotCompiled(Exception):
    """A term of which no constraints are made, by its name."""

    def __init__(self, what: str) -> None:
        super().__init__(f"no constraints are made of {what}")


class Compiler:
    """Compiles the terms of one model over one encoding."""

    def __init__(self, encoding: Encoding, definitions: tuple[Group, ...]) -> None:
        self.encoding = encoding
        self.definitions = {d.name: d.term for d in definitions if isinstance(d, terms.Defined)}
        self._sets: dict[str, Members] = {}
        self._relations: dict[str, Pairs] = {}
        self.formula = encoding.formula
        self.events = encoding.graph.events
        self.size = len(self.events)
        self.everything = (1 << self.size) - 1
        self.base = BaseRelations(encoding)
        self.lanes = self.base.lanes
        guards = sorted({e.guard for e in self.events})
        holding = {
            guard: sum(
                1 << e.number for e in self.events if encoding.domains.implied(guard, e.guard)
            )
            for guard in guards
        }
        self.implied = [holding[e.guard] for e in self.events]
        """Row m: the events that happen only if m does."""

    # ------------------------------------------------------------ sets

    def members(self, term: EventSet) -> Members:
        match term:
            case terms.Events(name):
                return self._tagged(name)
            case terms.NamedSet(name):
                if name not in self._sets:
                    named = self.definitions.get(name)
                    if not isinstance(named, EventSet):
                        raise NotCompiled(name)
                    self._sets[name] = self.members(named)
                return self._sets[name]
            case terms.AnyIn(sets):
                found = Members(0)
                for part in map(self.members, sets):
                    found.static |= part.static
                    for event, literal in part.conditional.items():
                        other = found.conditional.get(event, FALSE)
                        found.conditional[event] = self.formula.any_of((other, literal))
                return self._clean(found)
            case terms.AllIn():
                raise NotCompiled(type(term).__name__)
            case terms.Except(kept, removed):
                ours, theirs = self.members(kept), self.members(removed)
                found = Members(ours.static & ~theirs.static)
                for event in sorted({*ours.conditional, *theirs.conditional}):
                    inside = self._inside(ours, event)
                    literal = self.formula.all_of((inside, -self._inside(theirs, event)))
                    found.static &= ~(1 << event)
                    found.conditional[event] = literal
                return self._clean(found)
            case terms.Outside() | terms.Domain() | terms.Range():
                raise NotCompiled(type(term).__name__)

    def _tagged(self, name: str) -> Members:
        found = Members(0)
        for event in self.events:
            if member(event, name):
                literal = self._condition(event, name)
                if literal == TRUE:
                    found.static |= 1 << event.number
                else:
                    found.conditional[event.number] = literal
        return found

    def _condition(self, event: Event, name: str) -> Literal:
        """The literal that an event which may belong to a set does."""
        return self.encoding.succeeds(event) if needs_success(event, name) else TRUE

    def _inside(self, members: Members, event: int) -> Literal:
        if members.static >> event & 1:
            return TRUE
        return members.conditional.get(event, FALSE)

    def _clean(self, members: Members) -> Members:
        for event, literal in list(members.conditional.items()):
            if literal == TRUE or members.static >> event & 1:
                members.static |= 1 << event
            if literal in (TRUE, FALSE) or members.static >> event & 1:
                del members.conditional[event]
        return members

    # ------------------------------------------------------------ relations

    def pairs(self, term: Relation, within: list[int] | None = None) -> Pairs:
        """The compiled term; pairs outside `within`, if given, may be left out."""
        match term:
            case terms.Base(name):
                return self.base.pairs(name, within)
            case terms.Named(name):
                if name not in self._relations:
                    named = self.definitions.get(name)
                    if named is None or isinstance(named, EventSet):
                        raise NotCompiled(name)
                    self._relations[name] = self.pairs(named)
                return self._relations[name]
            case terms.Union(several):
                found = none(self.size)
                for part in several:
                    self._add(found, self.pairs(part, within))
                return found
            case terms.Intersection(left, right):
                ours = self.pairs(left, within)
                return self._both(ours, self.pairs(right, self._rows(ours)))
            case terms.Difference(left, right):
                ours = self.pairs(left, within)
                return self._minus(ours, self.pairs(right, self._rows(ours)))
            case terms.Sequence(left, right):
                return self._sequence(self.pairs(left), self.pairs(right))
            case terms.Inverse(inner):
                return self._inverse(self.pairs(inner))
            case terms.Closure(inner):
                return self._closure(self.pairs(inner))
            case terms.Optional() | terms.Star() | terms.Complement():
                raise NotCompiled(type(term).__name__)
            case terms.Identity(events):
                inside = self.members(events)
                found = none(self.size)
                for event in bits(inside.static):
                    found.static[event] = 1 << event
                for event, literal in inside.conditional.items():
                    found.conditional[event, event] = [(literal,)]
                return found
            case terms.Product(left_set, right_set):
                return self._product(self.members(left_set), self.members(right_set))
            case terms.Nested():
                raise NotCompiled(type(term).__name__)

    def _rows(self, pairs: Pairs) -> list[int]:
        rows = list(pairs.static)
        for first, second in pairs.conditional:
            rows[first] |= 1 << second
        return rows

    def _add(self, found: Pairs, part: Pairs) -> None:
        for index, row in enumerate(part.static):
            found.static[index] |= row
        for pair, bodies in part.conditional.items():
            found.conditional.setdefault(pair, []).extend(bodies)

    def _literal(self, bodies: list[Body]) -> Literal:
        return self.formula.any_of([self.formula.all_of(body) for body in bodies])

    def _bodies(self, pairs: Pairs, pair: Pair) -> list[Body]:
        if pairs.static[pair[0]] >> pair[1] & 1:
            return [()]
        return pairs.conditional.get(pair, [])

    def _both(self, ours: Pairs, theirs: Pairs) -> Pairs:
        found = Pairs([a & b for a, b in zip(ours.static, theirs.static, strict=True)])
        for pair in {**ours.conditional, **theirs.conditional}:
            if not found.static[pair[0]] >> pair[1] & 1:
                first, second = self._bodies(ours, pair), self._bodies(theirs, pair)
                found.keep(pair, [(*a, *b) for a in first for b in second])
        return found

    def _minus(self, ours: Pairs, theirs: Pairs) -> Pairs:
        found = Pairs([a & ~b for a, b in zip(ours.static, theirs.static, strict=True)])
        for pair, bodies in ours.conditional.items():
            if not theirs.static[pair[0]] >> pair[1] & 1:
                found.conditional[pair] = list(bodies)
        for pair, bodies in theirs.conditional.items():
            kept = self._bodies(found, pair)
            if kept:
                found.static[pair[0]] &= ~(1 << pair[1])
                found.conditional.pop(pair, None)
                absent = -self._literal(bodies)
                found.keep(pair, [(*body, absent) for body in kept])
        return found

    def _sequence(self, ours: Pairs, theirs: Pairs) -> Pairs:
        found = none(self.size)
        firsts, seconds = self._rows(ours), self._rows(theirs)
        for first in range(self.size):
            for middle in bits(firsts[first]):
                for second in bits(seconds[middle]):
                    between = self.encoding.happens(middle)
                    if (self.implied[middle] >> first | self.implied[middle] >> second) & 1:
                        between = TRUE
                    bodies = [
                        (*a, between, *b)
                        for a in self._bodies(ours, (first, middle))
                        for b in self._bodies(theirs, (middle, second))
                    ]
                    known = found.conditional.get((first, second), [])
                    found.keep((first, second), known + bodies)
        return found

    def _inverse(self, pairs: Pairs) -> Pairs:
        found = none(self.size)
        for first, row in enumerate(pairs.static):
            for second in bits(row):
                found.static[second] |= 1 << first
        for (first, second), bodies in pairs.conditional.items():
            found.conditional[second, first] = list(bodies)
        return found

    def _closure(self, pairs: Pairs) -> Pairs:
        """Repeated squaring; exact, and meant for the small relations that models close.

        The conditions of a pair get one name after each round: they would multiply.
        """
        found = pairs
        length = 1
        while length < self.size:
            longer = self._sequence(found, found)
            self._add(longer, found)
            found = Pairs(longer.static)
            for pair, bodies in longer.conditional.items():
                if not longer.static[pair[0]] >> pair[1] & 1:
                    found.keep(pair, [(self._literal(bodies),)])
            length *= 2
        return found

    def _product(self, left: Members, right: Members) -> Pairs:
        found = none(self.size)
        for event in bits(left.static):
            found.static[event] = right.static
        conditional = list(right.conditional)
        every = [*bits(right.static), *conditional]
        for first in [*bits(left.static), *left.conditional]:
            for second in every if first in left.conditional else conditional:
                body = (self._inside(left, first), self._inside(right, second))
                found.keep((first, second), [body])
        return found

    # ------------------------------------------------------------ axioms

    def require(self, axiom: Axiom) -> None:
        """States an axiom."""
        pairs = none(self.size)  # what is kept under a name is not to be reduced
        self._add(pairs, self.pairs(axiom.relation))
        reason = Reason(axiom.reason)
        match axiom.form:
            case AxiomForm.ACYCLIC:
                self._reduce(pairs)
                for pair, bodies in self._all(pairs):
                    for body in bodies:
                        before = self.formula.before(axiom.name, *pair)
                        self.formula.implies(body, [before], reason)
            case AxiomForm.IRREFLEXIVE:
                for (first, second), bodies in self._all(pairs):
                    if first == second:
                        for body in bodies:
                            self.formula.implies(body, [], reason)
            case AxiomForm.EMPTY:
                for _, bodies in self._all(pairs):
                    for body in bodies:
                        self.formula.implies(body, [], reason)
            case AxiomForm.CYCLIC | AxiomForm.REFLEXIVE | AxiomForm.INHABITED:
                raise NotCompiled(axiom.form.value)

    def _all(self, pairs: Pairs) -> list[tuple[Pair, list[Body]]]:
        """Every pair with its full conditions: both events happen, and the body holds."""
        found: list[tuple[Pair, list[Body]]] = []
        for first, row in enumerate(pairs.static):
            for second in bits(row):
                found.append(((first, second), [self._happen(first, second)]))
        for pair, bodies in pairs.conditional.items():
            found.append((pair, [(*self._happen(*pair), *body) for body in bodies]))
        return found

    def _happen(self, first: int, second: int) -> Body:
        """That both happen, without what one of them implies of the other."""
        if self.implied[first] >> second & 1:
            return (self.encoding.happens(second),)
        if self.implied[second] >> first & 1:
            return (self.encoding.happens(first),)
        return (self.encoding.happens(first), self.encoding.happens(second))

    def _reduce(self, pairs: Pairs) -> None:
        """Drops static pairs within a lane that follow from others, in program order.

        (a, b) follows from (a, m) and (m, b) only if m happens whenever a and b do.
        """
        static = pairs.static
        for event in self.events:
            first = event.number
            lane = self.lanes[event.lane] & ~((2 << first) - 1)
            remaining, kept = static[first] & lane, 0
            while remaining:
                low = remaining & -remaining
                middle = low.bit_length() - 1
                kept |= low
                certain = self.implied[middle]
                if certain >> first & 1:
                    certain = self.everything
                remaining &= ~(low | (static[middle] & certain & lane))
            static[first] = (static[first] & ~lane) | kept
