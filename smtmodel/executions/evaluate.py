"""Memory models over concrete executions: the other reading of their terms.

Takes finite sets of events and relations, evaluates terms to the same, and says which axiom
fails and which flags are raised. A set is an integer with bit e where event e is in it, a
relation a row of such bits for each event. Knows neither formulas nor solvers; goes through the
cases in the order of `smtmodel.encoding.relations`.
"""

from collections.abc import Iterable, Mapping

from smtmodel.models.terms import (
    AllIn,
    AnyIn,
    Axiom,
    Base,
    Both,
    Closure,
    Complement,
    Defined,
    Domain,
    Events,
    EventSet,
    Except,
    Flag,
    Form,
    Inverse,
    Minus,
    Model,
    Named,
    NamedSet,
    Nested,
    On,
    Optional,
    Outside,
    Product,
    Range,
    Recursion,
    Relation,
    Sequence,
    Star,
    Union,
)
from smtmodel.source.bits import bits
from smtmodel.source.record import record

Pair = tuple[int, int]
Rows = tuple[int, ...]


def members(events: Iterable[int]) -> int:
    """The set of these events."""
    return sum(1 << event for event in set(events))


def rows(pairs: Iterable[Pair], size: int) -> Rows:
    """The relation of these pairs over events below `size`."""
    made = [0] * size
    for first, second in pairs:
        made[first] |= 1 << second
    return tuple(made)


@record
class Execution:
    """A concrete execution: its events, the event sets and the base relations.

    Initial writes take part as events of no lane. Numbers may be left out; a relation has a
    row for each number below `size`. Sets and relations that are missing are empty.
    """

    events: int
    sets: Mapping[str, int]
    relations: Mapping[str, Rows]

    @classmethod
    def of(
        cls,
        events: Iterable[int],
        sets: Mapping[str, Iterable[int]],
        relations: Mapping[str, Iterable[Pair]],
    ) -> "Execution":
        """The execution with these events, members and pairs."""
        everything = members(events)
        size = everything.bit_length()
        return cls(
            everything,
            {name: members(inside) for name, inside in sets.items()},
            {name: rows(pairs, size) for name, pairs in relations.items()},
        )

    @property
    def size(self) -> int:
        """The number after the last event's."""
        return self.events.bit_length()


def accepts(model: Model, execution: Execution) -> str | None:
    """None if every axiom of the model holds, else the name of the first that does not."""
    return Evaluation(model, execution).broken()


class Evaluation:
    """A model's definitions over one execution, each evaluated once and when it is asked for."""

    def __init__(self, model: Model, execution: Execution) -> None:
        self.model = model
        self.execution = execution
        self._size = execution.size
        self._sets: dict[str, int] = {}
        self._relations: dict[str, Rows] = {}
        self._remaining = iter(model.definitions)

    def broken(self) -> str | None:
        """The name of the first axiom that does not hold."""
        return next((axiom.name for axiom in self.model.axioms if not self.holds(axiom)), None)

    def flags(self) -> tuple[str, ...]:
        """The names of the flags that the execution raises."""
        return tuple(flag.name for flag in self.model.flags if self.holds(flag))

    def holds(self, stated: Axiom | Flag) -> bool:
        """Whether what an axiom or a flag says holds of the execution."""
        found = self.pairs(stated.relation)
        match stated.form:
            case Form.ACYCLIC:
                return _irreflexive(_closed(found))
            case Form.IRREFLEXIVE:
                return _irreflexive(found)
            case Form.EMPTY:
                return not any(found)
            case Form.CYCLIC:
                return not _irreflexive(_closed(found))
            case Form.REFLEXIVE:
                return not _irreflexive(found)
            case Form.INHABITED:
                return any(found)

    # ------------------------------------------------------------ sets

    def members(self, term: EventSet) -> int:
        """The events of a set."""
        match term:
            case Events("All"):
                return self.execution.events
            case Events(name):
                return self.execution.sets.get(name, 0)
            case AnyIn(sets):
                found = 0
                for part in sets:
                    found |= self.members(part)
                return found
            case AllIn(sets):
                found = self.execution.events
                for part in sets:
                    found &= self.members(part)
                return found
            case Except(kept, removed):
                return self.members(kept) & ~self.members(removed)
            case Outside(inner):
                return self.execution.events & ~self.members(inner)
            case Domain(relation):
                return sum(1 << event for event, row in enumerate(self.pairs(relation)) if row)
            case Range(relation):
                return _together(self.pairs(relation))
            case NamedSet(name):
                self._reach(name, self._sets)
                return self._sets[name]

    # ------------------------------------------------------------ relations

    def pairs(self, term: Relation) -> Rows:
        """The pairs of a relation."""
        match term:
            case Base("id"):
                return self._identity(self.execution.events)
            case Base(name):
                return self.execution.relations.get(name, (0,) * self._size)
            case Union(terms):
                found = (0,) * self._size
                for part in terms:
                    found = tuple(a | b for a, b in zip(found, self.pairs(part), strict=True))
                return found
            case Both(left, right):
                both = zip(self.pairs(left), self.pairs(right), strict=True)
                return tuple(a & b for a, b in both)
            case Minus(left, right):
                both = zip(self.pairs(left), self.pairs(right), strict=True)
                return tuple(a & ~b for a, b in both)
            case Sequence(On(inside), right):
                kept = self.members(inside)
                return tuple(
                    row if kept >> event & 1 else 0 for event, row in enumerate(self.pairs(right))
                )
            case Sequence(left, right):
                return _sequence(self.pairs(left), self.pairs(right))
            case Inverse(inner):
                return _inverse(self.pairs(inner))
            case Closure(inner):
                return _closed(self.pairs(inner))
            case Optional(inner):
                return self._with_identity(self.pairs(inner))
            case Star(inner):
                return self._with_identity(_closed(self.pairs(inner)))
            case Complement(inner):
                events = self.execution.events
                return tuple(
                    events & ~row if events >> event & 1 else 0
                    for event, row in enumerate(self.pairs(inner))
                )
            case On(inside):
                return self._identity(self.members(inside))
            case Product(left_set, right_set):
                firsts, seconds = self.members(left_set), self.members(right_set)
                return tuple(seconds if firsts >> e & 1 else 0 for e in range(self._size))
            case Nested(opening, closing):
                return self._nested(self.members(opening), self.members(closing))
            case Named(name):
                self._reach(name, self._relations)
                return self._relations[name]

    def _identity(self, inside: int) -> Rows:
        return tuple(inside & 1 << event for event in range(self._size))

    def _with_identity(self, found: Rows) -> Rows:
        events = self.execution.events
        return tuple(row | events & 1 << event for event, row in enumerate(found))

    def _nested(self, opening: int, closing: int) -> Rows:
        """The last event before a closing one that is open still is the one it closes."""
        found = [0] * self._size
        before = _inverse(self.pairs(Base("po")))
        place = [row.bit_count() for row in before]
        for last in sorted(bits(closing), key=place.__getitem__):
            if still := opening & before[last]:
                innermost = max(bits(still), key=place.__getitem__)
                found[innermost] = 1 << last
                opening &= ~(1 << innermost)
        return tuple(found)

    # ------------------------------------------------------------ definitions

    def _reach(self, name: str, known: Mapping[str, object]) -> None:
        """Evaluates definitions in their order until the one of that name is known.

        One after the other, so that a long chain of definitions is no deep recursion.
        """
        while name not in known:
            group = next(self._remaining, None)
            if group is None:
                raise KeyError(name)
            if isinstance(group, Recursion):
                self._repeat(group)
            else:
                self._define(group)

    def _define(self, definition: Defined) -> bool:
        """Whether the definition's value is another one than before."""
        name = definition.name
        if isinstance(definition.term, EventSet):
            members = self.members(definition.term)
            changed = self._sets.get(name) != members
            self._sets[name] = members
        else:
            pairs = self.pairs(definition.term)
            changed = self._relations.get(name) != pairs
            self._relations[name] = pairs
        return changed

    def _repeat(self, group: Recursion) -> None:
        """From nothing, until nothing is added; it ends because nothing is ever taken away."""
        if not group.monotone:
            names = ", ".join(definition.name for definition in group.definitions)
            raise ValueError(f"recursion under a negation: {names}")
        for definition in group.definitions:
            if isinstance(definition.term, EventSet):
                self._sets[definition.name] = 0
            else:
                self._relations[definition.name] = (0,) * self._size
        while any(self._define(definition) for definition in group.definitions):
            pass


def _sequence(left: Rows, right: Rows) -> Rows:
    made = []
    for row in left:
        found = 0
        while row:
            low = row & -row
            found |= right[low.bit_length() - 1]
            row ^= low
        made.append(found)
    return tuple(made)


def _inverse(found: Rows) -> Rows:
    made = [0] * len(found)
    for first, row in enumerate(found):
        for second in bits(row):
            made[second] |= 1 << first
    return tuple(made)


def _closed(found: Rows) -> Rows:
    """The transitive closure, by Warshall: through each event in turn."""
    made = list(found)
    for middle in range(len(made)):
        through = made[middle]
        if through:
            for first, row in enumerate(made):
                if row >> middle & 1:
                    made[first] = row | through
    return tuple(made)


def _together(found: Rows) -> int:
    members = 0
    for row in found:
        members |= row
    return members


def _irreflexive(found: Rows) -> bool:
    return not any(row >> event & 1 for event, row in enumerate(found))
