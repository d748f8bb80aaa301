"""Memory models over concrete executions: the other reading of their terms.

Takes finite sets of events and relations, evaluates terms to the same, and says which axiom
fails and which flags are raised. A set is an integer with bit e where event e is in it, a
relation a row of such bits for each event. Knows neither formulas nor solvers; goes through the
cases in the order of `smtmodel.encoding.relations`.
"""

from collections.abc import Iterable, Mapping

from smtmodel.executions.matrices import Matrices, Pair, Rows, members, rows
from smtmodel.models import terms
from smtmodel.models.terms import (
    Axiom,
    AxiomForm,
    Defined,
    EventSet,
    Flag,
    Group,
    Model,
    Recursion,
    Relation,
    places,
)
from smtmodel.source.bits import bits
from smtmodel.source.record import record

DEEPEST = 30
"""So many definitions may be evaluated within each other."""


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
        self._matrices = Matrices(execution.size)
        self._everything = execution.events
        self._identity = self._matrices.identity(execution.events)
        self._base: dict[str, int] = {}
        self._sets: dict[str, int] = {}
        self._relations: dict[str, int] = {}
        self._places = places(model.definitions)
        self._reached: set[int] = set()
        self._depth = 0

    def broken(self) -> str | None:
        """The name of the first axiom that does not hold."""
        return next((axiom.name for axiom in self.model.axioms if not self.holds(axiom)), None)

    def flags(self) -> tuple[str, ...]:
        """The names of the flags that the execution raises."""
        return tuple(flag.name for flag in self.model.flags if self.holds(flag))

    def holds(self, stated: Axiom | Flag) -> bool:
        """Whether what an axiom or a flag says holds of the execution."""
        found = self._relation(stated.relation)
        match stated.form:
            case AxiomForm.ACYCLIC:
                return self._matrices.irreflexive(self._matrices.closed(found))
            case AxiomForm.IRREFLEXIVE:
                return self._matrices.irreflexive(found)
            case AxiomForm.EMPTY:
                return not found
            case AxiomForm.CYCLIC:
                return not self._matrices.irreflexive(self._matrices.closed(found))
            case AxiomForm.REFLEXIVE:
                return not self._matrices.irreflexive(found)
            case AxiomForm.INHABITED:
                return bool(found)

    def pairs(self, term: Relation) -> Rows:
        """For each event those that the relation leads to."""
        return self._matrices.rows(self._relation(term))

    # ------------------------------------------------------------ sets

    def members(self, term: EventSet) -> int:
        """The events of a set."""
        match term:
            case terms.Events("All"):
                return self._everything
            case terms.Events(name):
                return self.execution.sets.get(name, 0)
            case terms.NamedSet(name):
                self._reach(name, self._sets)
                return self._sets[name]
            case terms.AnyIn(sets):
                found = 0
                for part in sets:
                    found |= self.members(part)
                return found
            case terms.AllIn(sets):
                found = self._everything
                for part in sets:
                    found &= self.members(part)
                return found
            case terms.Except(kept, removed):
                return self.members(kept) & ~self.members(removed)
            case terms.Outside(inner):
                return self._everything & ~self.members(inner)
            case terms.Domain(relation):
                return self._matrices.domain(self._relation(relation))
            case terms.Range(relation):
                return self._matrices.range(self._relation(relation))

    # ------------------------------------------------------------ relations

    def _relation(self, term: Relation) -> int:
        """The pairs of a relation."""
        match term:
            case terms.Base("id"):
                return self._identity
            case terms.Base(name):
                return self._of_execution(name)
            case terms.Named(name):
                self._reach(name, self._relations)
                return self._relations[name]
            case terms.Union(several):
                found = 0
                for part in several:
                    found |= self._relation(part)
                return found
            case terms.Intersection(left, right):
                found = self._relation(left)
                return found and found & self._relation(right)
            case terms.Difference(left, right):
                found = self._relation(left)
                return found and found & ~self._relation(right)
            case terms.Sequence(terms.Identity(inside), right):
                firsts = self.members(inside)
                starting = self._matrices.product(firsts, self._everything)
                return starting and starting & self._relation(right)
            case terms.Sequence(left, terms.Identity(inside)):
                found = self._relation(left)
                return found and found & self._matrices.ending_in(self.members(inside))
            case terms.Sequence(left, right):
                found = self._relation(left)
                return found and self._matrices.sequence(found, self._relation(right))
            case terms.Inverse(inner):
                return self._matrices.inverse(self._relation(inner))
            case terms.Closure(inner):
                return self._matrices.closed(self._relation(inner))
            case terms.Optional(inner):
                return self._relation(inner) | self._identity
            case terms.Star(inner):
                return self._matrices.closed(self._relation(inner)) | self._identity
            case terms.Complement(inner):
                every = self._matrices.product(self._everything, self._everything)
                return every & ~self._relation(inner)
            case terms.Identity(inside):
                return self._matrices.identity(self.members(inside))
            case terms.Product(left_set, right_set):
                return self._matrices.product(self.members(left_set), self.members(right_set))
            case terms.Nested(opening, closing):
                return self._nested(self.members(opening), self.members(closing))

    def _of_execution(self, name: str) -> int:
        if name not in self._base:
            self._base[name] = self._matrices.joined(self.execution.relations.get(name, ()))
        return self._base[name]

    def _nested(self, opening: int, closing: int) -> int:
        """The last event before a closing one that is open still is the one it closes."""
        found: list[Pair] = []
        before = self.pairs(terms.Inverse(terms.Base("po")))
        place = [row.bit_count() for row in before]
        for last in sorted(bits(closing), key=place.__getitem__):
            if still := opening & before[last]:
                innermost = max(bits(still), key=place.__getitem__)
                found.append((innermost, last))
                opening &= ~(1 << innermost)
        return self._matrices.joined(rows(found, self.execution.size))

    # ------------------------------------------------------------ definitions

    def _reach(self, name: str, known: Mapping[str, object]) -> None:
        """Evaluates the definition of that name, and what it turns out to need.

        Where one needs another through a long chain, they are evaluated in their order instead, so
        that it is no deep recursion.
        """
        if name in known:
            return
        last = self._places[name]
        self._depth += 1
        for place in range(last if self._depth < DEEPEST else 0, last + 1):
            if place not in self._reached:
                self._reached.add(place)
                self._evaluate(self.model.definitions[place])
        self._depth -= 1

    def _evaluate(self, group: Group) -> None:
        if isinstance(group, Recursion):
            self._repeat(group)
        else:
            self._define(group)

    def _define(self, definition: Defined) -> bool:
        """Whether the definition's value is another one than before."""
        if isinstance(definition.term, EventSet):
            known, value = self._sets, self.members(definition.term)
        else:
            known, value = self._relations, self._relation(definition.term)
        changed = known.get(definition.name) != value
        known[definition.name] = value
        return changed

    def _repeat(self, group: Recursion) -> None:
        """From nothing, until nothing is added; it ends because nothing is ever taken away."""
        if not group.monotone:
            names = ", ".join(definition.name for definition in group.definitions)
            raise ValueError(f"recursion under a negation: {names}")
        for definition in group.definitions:
            known = self._sets if isinstance(definition.term, EventSet) else self._relations
            known[definition.name] = 0
        while any(self._define(definition) for definition in group.definitions):
            pass
