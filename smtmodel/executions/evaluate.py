"""Memory models over concrete executions: the other reading of their terms.

Takes finite sets of events and relations, evaluates terms to the same, and says which axiom
fails and which flags are raised. A set is an integer with bit e where event e is in it, a
relation a row of such bits for each event. Knows neither formulas nor solvers; goes through the
cases in the order of `smtmodel.encoding.relations`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

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
        return _CASES[type(term)](self, term)

    def _tagged(self, term: terms.Events) -> int:
        return self._everything if term.name == "All" else self.execution.sets.get(term.name, 0)

    def _named_set(self, term: terms.NamedSet) -> int:
        if term.name not in self._sets:
            self._reach(term.name)
        return self._sets[term.name]

    def _any(self, term: terms.AnyIn) -> int:
        found = 0
        for part in term.sets:
            found |= self.members(part)
        return found

    def _every(self, term: terms.AllIn) -> int:
        found = self._everything
        for part in term.sets:
            found &= self.members(part)
        return found

    def _except(self, term: terms.Except) -> int:
        return self.members(term.kept) & ~self.members(term.removed)

    def _outside(self, term: terms.Outside) -> int:
        return self._everything & ~self.members(term.set)

    def _domain(self, term: terms.Domain) -> int:
        return self._matrices.domain(self._relation(term.relation))

    def _range(self, term: terms.Range) -> int:
        return self._matrices.range(self._relation(term.relation))

    # ------------------------------------------------------------ relations

    def _relation(self, term: Relation) -> int:
        """The pairs of a relation."""
        return _CASES[type(term)](self, term)

    def _named(self, term: terms.Named) -> int:
        if term.name not in self._relations:
            self._reach(term.name)
        return self._relations[term.name]

    def _union(self, term: terms.Union) -> int:
        found = 0
        for part in term.terms:
            found |= self._relation(part)
        return found

    def _intersection(self, term: terms.Intersection) -> int:
        found = self._relation(term.left)
        return found and found & self._relation(term.right)

    def _difference(self, term: terms.Difference) -> int:
        found = self._relation(term.left)
        return found and found & ~self._relation(term.right)

    def _sequence(self, term: terms.Sequence) -> int:
        left, right = term.left, term.right
        if type(left) is terms.Identity:
            starting = self._matrices.product(self.members(left.set), self._everything)
            return starting and starting & self._relation(right)
        found = self._relation(left)
        if type(right) is terms.Identity:
            return found and found & self._matrices.ending_in(self.members(right.set))
        return found and self._matrices.sequence(found, self._relation(right))

    def _inverse(self, term: terms.Inverse) -> int:
        return self._matrices.inverse(self._relation(term.term))

    def _closure(self, term: terms.Closure) -> int:
        return self._matrices.closed(self._relation(term.term))

    def _optional(self, term: terms.Optional) -> int:
        return self._relation(term.term) | self._identity

    def _star(self, term: terms.Star) -> int:
        return self._matrices.closed(self._relation(term.term)) | self._identity

    def _complement(self, term: terms.Complement) -> int:
        every = self._matrices.product(self._everything, self._everything)
        return every & ~self._relation(term.term)

    def _on(self, term: terms.Identity) -> int:
        return self._matrices.identity(self.members(term.set))

    def _product(self, term: terms.Product) -> int:
        return self._matrices.product(self.members(term.left), self.members(term.right))

    def _base_relation(self, term: terms.Base) -> int:
        return self._identity if term.name == "id" else self._of_execution(term.name)

    def _of_execution(self, name: str) -> int:
        if name not in self._base:
            self._base[name] = self._matrices.joined(self.execution.relations.get(name, ()))
        return self._base[name]

    def _nested(self, term: terms.Nested) -> int:
        """The last event before a closing one that is open still is the one it closes."""
        opening, closing = self.members(term.opening), self.members(term.closing)
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

    def _reach(self, name: str) -> None:
        """Evaluates the definition of that name, and what it turns out to need.

        Where one needs another through a long chain, they are evaluated in their order instead, so
        that it is no deep recursion.
        """
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

    def _known(self, definition: Defined) -> dict[str, int]:
        """Where values of its sort are kept."""
        return self._sets if type(definition.term) in _SETS else self._relations

    def _define(self, definition: Defined) -> bool:
        """Whether the definition's value is another one than before."""
        known = self._known(definition)
        value = _CASES[type(definition.term)](self, definition.term)
        changed = known.get(definition.name) != value
        known[definition.name] = value
        return changed

    def _repeat(self, group: Recursion) -> None:
        """From nothing, until nothing is added; it ends because nothing is ever taken away."""
        if not group.monotone:
            names = ", ".join(definition.name for definition in group.definitions)
            raise ValueError(f"recursion under a negation: {names}")
        for definition in group.definitions:
            self._known(definition)[definition.name] = 0
        while any(self._define(definition) for definition in group.definitions):
            pass


_SETS: "dict[type, Callable[[Evaluation, Any], int]]" = {
    terms.Events: Evaluation._tagged,
    terms.NamedSet: Evaluation._named_set,
    terms.AnyIn: Evaluation._any,
    terms.AllIn: Evaluation._every,
    terms.Except: Evaluation._except,
    terms.Outside: Evaluation._outside,
    terms.Domain: Evaluation._domain,
    terms.Range: Evaluation._range,
}
_CASES = _SETS | {
    terms.Base: Evaluation._base_relation,
    terms.Named: Evaluation._named,
    terms.Union: Evaluation._union,
    terms.Intersection: Evaluation._intersection,
    terms.Difference: Evaluation._difference,
    terms.Sequence: Evaluation._sequence,
    terms.Inverse: Evaluation._inverse,
    terms.Closure: Evaluation._closure,
    terms.Optional: Evaluation._optional,
    terms.Star: Evaluation._star,
    terms.Complement: Evaluation._complement,
    terms.Identity: Evaluation._on,
    terms.Product: Evaluation._product,
    terms.Nested: Evaluation._nested,
}
"""What evaluates a term of each class: a `match` would ask about one class after another."""
