"""An encoding under construction: the formula and what has been given a literal so far.

Takes domains, gives literals: for the constants that a term may have, for guards, for the
locations that an access may touch. A term that is evaluated has exactly one of its
constants; one that is not (its reads do not happen, or it is undefined) may have none.
"""

from smtmodel.encoding.domains import Domains
from smtmodel.encoding.formula import FALSE, TRUE, Formula, Literal, Reason
from smtmodel.events.graph import At, Event, EventGraph, FieldOf, ItemOf
from smtmodel.events.operators import apply
from smtmodel.events.terms import (
    AnyOf,
    Apply,
    Chosen,
    Const,
    Constant,
    Guard,
    Holds,
    Observed,
    Passes,
    Reference,
    Returned,
    Select,
    Special,
    Term,
    Token,
    is_true,
)
from smtmodel.models import Model

Literals = dict[Constant, Literal]
"""For each possible constant the literal that a term has it."""


def _word(value: Constant) -> str:
    match value:
        case int():
            return f"m{-value}" if value < 0 else str(value)
        case Reference(number):
            return f"object{number}"
        case Special():
            return value.value


ONE_VALUE = Reason("a value that is chosen freely is exactly one of those offered")


class Encoding:
    """The formula so far and the tables that say what its literals mean.

    `rf[read][write]`, `co[first, second]` and `returned` are filled by
    `smtmodel.encoding.memory`, `settled` and `tokens` by `smtmodel.encoding.instants`.
    """

    def __init__(self, graph: EventGraph, model: Model, domains: Domains) -> None:
        self.graph = graph
        self.model = model
        self.domains = domains
        self.formula = Formula()
        self.rf: dict[int, dict[int, Literal]] = {}
        self.co: dict[tuple[int, int], Literal] = {}
        self.returned: dict[tuple[int, int], Literals] = {}
        self.settled: dict[int, Literals] = {}
        self.tokens: dict[int, Literals] = {}
        self._terms: dict[Term, Literals] = {}
        self._atoms: dict[int, Literal] = {}
        self._guards: dict[Guard, Literal] = {}
        self._touched: dict[int, dict[int, Literal]] = {}
        self._choices: dict[int, Literals] = {}
        self.snapshots = 0
        self.observed = len(graph.events)

    def fork(self) -> "Encoding":
        """An extension that leaves this one alone."""
        copy = Encoding(self.graph, self.model, self.domains.fork())
        copy.formula = self.formula.fork()
        copy.rf, copy.co, copy.returned = dict(self.rf), dict(self.co), dict(self.returned)
        copy.settled, copy.tokens = dict(self.settled), dict(self.tokens)
        copy._terms, copy._atoms = dict(self._terms), dict(self._atoms)
        copy._guards, copy._touched = dict(self._guards), dict(self._touched)
        copy._choices = dict(self._choices)
        copy.snapshots, copy.observed = self.snapshots, self.observed
        return copy

    # ------------------------------------------------------------ conditions

    def atom(self, literal: int) -> Literal:
        """The formula's literal of a guard's literal."""
        number = abs(literal)
        if number not in self._atoms:
            self._atoms[number] = self._atom(number)
        return self._atoms[number] if literal > 0 else -self._atoms[number]

    def _atom(self, number: int) -> Literal:
        match self.graph.atoms[number - 1]:
            case Holds(term):
                return self.true(term)
            case Passes(event):
                return self.formula.new(f"passes_{event}")
            case AnyOf(guards):
                return self.formula.any_of([self.holds(guard) for guard in guards])

    def holds(self, guard: Guard) -> Literal:
        """The literal that a guard holds."""
        found = self._guards.get(guard)
        if found is None:
            effective = sorted(self.domains.effective(guard))
            found = self.formula.all_of([self.atom(literal) for literal in effective])
            self._guards[guard] = found
        return found

    def happens(self, event: int) -> Literal:
        """The literal that an event happens."""
        return self.holds(self.graph.events[event].guard)

    def writes(self, event: int) -> Literal:
        """The literal that an access happens and writes."""
        success = self.graph.events[event].success
        parts = [self.happens(event)]
        if success is not None:
            parts.append(self.true(success))
        return self.formula.all_of(parts)

    def succeeds(self, event: Event) -> Literal:
        """The literal that a compare-exchange or a try succeeds, TRUE for other events."""
        return TRUE if event.success is None else self.true(event.success)

    # ------------------------------------------------------------ values

    def true(self, term: Term) -> Literal:
        """The literal that a term is true (C truth)."""
        values = self.of(term)
        truths = [literal for constant, literal in values.items() if is_true(constant)]
        if truths and len(truths) == len(values) and self._evaluated(term):
            return TRUE
        return self.formula.any_of(truths)

    def _evaluated(self, term: Term) -> bool:
        """Whether a term has one of its constants in every execution that asks for it.

        Terms over snapshots may be undefined; they are judged by their literals alone.
        """
        match term:
            case Const() | Chosen() | Token() | Observed():
                return True
            case Returned(event, _):
                return event < len(self.graph.events)
            case Apply(_, operands):
                return all(self._evaluated(operand) for operand in operands)
            case Select(_, then, otherwise):
                return self._evaluated(then) and self._evaluated(otherwise)

    def of(self, term: Term) -> Literals:
        """For each constant that a term may have, the literal that it has it."""
        if term not in self._terms:
            self._terms[term] = self._of(term)
        return self._terms[term]

    def _of(self, term: Term) -> Literals:
        match term:
            case Const(value):
                return {value: TRUE}
            case Returned(event, component):
                # Nothing where the read cannot happen, as through a pointer that is null.
                return self.returned.get((event, component), {})
            case Chosen(choice):
                return self._choice(choice)
            case Token(event):
                return self.tokens[event]
            case Observed(event):
                return self.settled[event]
            case Apply("&&" | "||" as operator, (left, right)):
                return self._short(operator, left, right)
            case Apply(operator, operands):
                return self._apply(operator, operands)
            case Select(guard, then, otherwise):
                return self._select(self.holds(guard), self.of(then), self.of(otherwise))

    def _choice(self, choice: int) -> Literals:
        if choice not in self._choices:
            values = self.domains.of(Chosen(choice))
            if len(values) == 1:
                self._choices[choice] = {values[0]: TRUE}
            elif len(values) == 2:
                literal = self.formula.new(f"choice_{choice}_{_word(values[1])}")
                self._choices[choice] = {values[0]: -literal, values[1]: literal}
            else:
                found: Literals = {
                    value: self.formula.new(f"choice_{choice}_{_word(value)}") for value in values
                }
                self.exactly_one(list(found.values()), TRUE, ONE_VALUE)
                self._choices[choice] = found
        return self._choices[choice]

    def exactly_one(self, literals: list[Literal], when: Literal, reason: Reason) -> None:
        """States that where `when` holds one of the literals does, and never two."""
        self.formula.implies([when], literals, reason)
        self.at_most_one(literals, reason)

    def at_most_one(self, literals: list[Literal], reason: Reason) -> None:
        """States that no two of the literals hold."""
        if len(literals) <= 6:
            for index, first in enumerate(literals):
                for second in literals[index + 1 :]:
                    self.formula.add((-first, -second), reason)
            return
        seen = literals[0]
        for literal in literals[1:]:
            self.formula.add((-seen, -literal), reason)
            seen = self.formula.any_of([seen, literal])

    def _apply(self, operator: str, operands: tuple[Term, ...]) -> Literals:
        ways: dict[Constant, list[Literal]] = {}
        if len(operands) == 1:
            for constant, literal in self.of(operands[0]).items():
                ways.setdefault(apply(operator, (constant,)), []).append(literal)
        else:
            left, right = self.of(operands[0]), self.of(operands[1])
            alike = operands[0] is operands[1]  # one value, both times
            for a, first in left.items():
                for b, second in {a: first}.items() if alike else right.items():
                    both = self.formula.all_of((first, second))
                    ways.setdefault(apply(operator, (a, b)), []).append(both)
        return {constant: self.formula.any_of(found) for constant, found in ways.items()}

    def _short(self, operator: str, left: Term, right: Term) -> Literals:
        """`&&` and `||`: where the left side decides, the right one need have no value."""
        yes, no = self.split(left)
        right_yes, right_no = self.split(right)
        every, some = self.formula.all_of, self.formula.any_of
        if operator == "&&":
            return {0: some((no, every((yes, right_no)))), 1: every((yes, right_yes))}
        return {0: every((no, right_no)), 1: some((yes, every((no, right_yes))))}

    def split(self, term: Term) -> tuple[Literal, Literal]:
        """The literals that a term is defined and true, and that it is defined and false."""
        values = self.of(term)
        yes = [literal for constant, literal in values.items() if is_true(constant)]
        no = [
            literal
            for constant, literal in values.items()
            if not is_true(constant) and constant is not Special.UNDEFINED
        ]
        return self.formula.any_of(yes), self.formula.any_of(no)

    def _select(self, guard: Literal, then: Literals, otherwise: Literals) -> Literals:
        every, some = self.formula.all_of, self.formula.any_of
        found: Literals = {}
        for constant in [*then, *(c for c in otherwise if c not in then)]:
            found[constant] = some(
                (
                    every((guard, then.get(constant, FALSE))),
                    every((-guard, otherwise.get(constant, FALSE))),
                )
            )
        return found

    # ------------------------------------------------------------ addresses

    def touches(self, event: int) -> dict[int, Literal]:
        """For each location that an access may touch, the literal that it does."""
        if event not in self._touched:
            address = self.graph.events[event].address
            assert address is not None
            self._touched[event] = self.located(address, self.domains.locations[event])
        return self._touched[event]

    def located(
        self, address: At | FieldOf | ItemOf, locations: tuple[int, ...]
    ) -> dict[int, Literal]:
        """For each of the locations the literal that an address is that one."""
        match address:
            case At(location):
                return {location: TRUE}
            case FieldOf(pointer, field):
                values = self.of(pointer)
                return {
                    self.domains.fields[constant.object][field]: literal
                    for constant, literal in values.items()
                    if isinstance(constant, Reference)
                    and self.domains.fields[constant.object].get(field) in locations
                }
            case ItemOf(items, index):
                values = self.of(index)
                return {
                    items[constant]: literal
                    for constant, literal in values.items()
                    if isinstance(constant, int) and 0 <= constant < len(items)
                }

    def same(self, first: int, second: int) -> Literal:
        """The literal that two accesses touch the same location."""
        ours, theirs = self.touches(first), self.touches(second)
        return self.formula.any_of(
            [
                self.formula.all_of((ours[location], theirs[location]))
                for location in ours
                if location in theirs
            ]
        )
