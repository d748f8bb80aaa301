"""A way through the operations of a lane, executed on terms.

A `Way` collects guards and what has become of quantities and registers, all as terms over the
state before the edge. Where it depends on that state how a lane goes on, a way becomes several.
"""

from collections.abc import Iterable, Iterator

from smtmodel.executions.terms import (
    Component,
    Computed,
    Conjunction,
    Disjunction,
    Immediate,
    IsFilled,
    Register,
    Term,
    WholeEntry,
    registers_in,
)
from smtmodel.executions.valuation import NoValueError, evaluate
from smtmodel.executions.values import PARTIAL, Absent, holds
from smtmodel.source.record import record, replace, rewritten
from smtmodel.systems.system import Guard, Marked, Truth

DEFINED = ("==", "!=", "<", "<=", ">", ">=", "!")
"""The operators that yield 1 or 0 whatever their operands are."""
ZERO, ONE = Immediate(0), Immediate(1)
NOBODY = Immediate(-1)
"""The holder of a lock that is free, and who interrupts a lane that nobody does."""


@record
class Way:
    """`values` are the changed quantities, `registers` what those hold that are set. `begun`: an
    event was among those so far that others may tell the instant of."""

    place: int
    guards: tuple[Guard, ...] = ()
    values: tuple[tuple[int, Term], ...] = ()
    registers: tuple[tuple[int, Term], ...] = ()
    violates: tuple[str, ...] = ()
    judges: tuple[str, ...] = ()
    region: int = 0
    begun: bool = False
    draws: bool = False
    rounds: int = 0
    limit: str = ""
    cut: int = -1

    def value(self, number: int) -> Term:
        """The value of a quantity now."""
        return dict(self.values).get(number, Register(number))

    def term(self, term: Term) -> Term:
        """A term of the program over the state before the edge."""
        known = dict(self.registers)

        def instead(part: object) -> object:
            return known[part.number] if isinstance(part, Register) else None

        made = instead(term) or rewritten(term, instead)
        return folded(made)  # type: ignore[arg-type]

    def put(self, number: int, value: Term) -> "Way":
        """A quantity gets a value."""
        return replace(self, values=_with(self.values, number, value))

    def put_all(self, changes: dict[int, Term]) -> "Way":
        return replace(self, values=tuple((dict(self.values) | changes).items()))

    def set(self, register: int | None, value: Term) -> "Way":
        """A register, if there is one, gets a value."""
        if register is None:
            return self
        return replace(self, registers=_with(self.registers, register, value))

    def at(self, place: int) -> "Way":
        return replace(self, place=place)

    def blame(self, name: str) -> "Way":
        return replace(self, violates=(*self.violates, name))

    def judge(self, name: str) -> "Way":
        """A step is come to that a property is about."""
        return self if name in self.judges else replace(self, judges=(*self.judges, name))

    def given(self, *guards: Guard) -> "Way | None":
        """The way where the guards hold too; None where one of them never does."""
        kept = self.guards
        for guard in guards:
            known = decided(guard)
            if known is None:
                known = implied(guard, kept)
            if known is False:
                return None
            if known is None:
                kept = (*kept, guard)
        return replace(self, guards=kept)

    def split(self, term: Term) -> "tuple[Way | None, Way | None]":
        """The way where the term is true, and where it is false."""
        return self.given(Truth(term, True)), self.given(Truth(term, False))

    def split_mark(self, term: Term, mark: Absent) -> "tuple[Way | None, Way | None]":
        """The way where the value of the term is the mark, and where it is not."""
        return self.given(Marked(term, mark, True)), self.given(Marked(term, mark, False))

    def among(self, term: Term, values: range) -> "Iterator[tuple[Way, int | None]]":
        """The way for each value that the term can have, and for any other (None)."""
        others = []
        for value in values:
            equal = Computed("==", (term, Immediate(value)))
            case = self.given(Truth(folded(equal), True))
            others.append(Truth(folded(equal), False))
            if case is not None:
                yield case, value
        rest = self.given(*others)
        if rest is not None:
            yield rest, None


Ways = Iterator[Way]
"""A way that became several."""


def equals(left: Term, right: Term) -> Term:
    """Whether two values are equal."""
    return folded(Computed("==", (left, right)))


def any_of(terms: Iterable[Term]) -> Term:
    """Whether any of the terms is true."""
    made: Term = ZERO
    for term in terms:
        if term == ONE:
            return term
        if term != ZERO:
            made = term if made == ZERO else Disjunction(made, term)
    return made


def given(path: Way, terms: Iterable[Term]) -> Ways:
    """The way where all terms are true."""
    known: Way | None = path
    for term in terms:
        known = known and known.split(term)[0]
    if known is not None:
        yield known


def _with(
    pairs: tuple[tuple[int, Term], ...], number: int, value: Term
) -> tuple[tuple[int, Term], ...]:
    return tuple((dict(pairs) | {number: value}).items())


def decided(guard: Guard) -> bool | None:
    """Whether a guard holds in every state (True), in none (False), or that depends (None)."""
    match guard:
        case Truth(term=Immediate(value=value), holding=holding):
            return holds(value) == holding
        case Marked(term=Immediate(value=value), mark=mark, holding=holding):
            return (value is mark) == holding
        case Marked(
            term=WholeEntry() | IsFilled() | Conjunction() | Disjunction(), holding=holding
        ):
            return not holding
        case Marked(term=Computed(operator=operator), holding=holding) if operator in DEFINED:
            return not holding
        case _:
            return None


def implied(guard: Guard, kept: tuple[Guard, ...]) -> bool | None:
    """Whether a guard holds where the others do (True), never does (False), or that depends."""
    if guard in kept:
        return True
    if replace(guard, holding=not guard.holding) in kept:
        return False
    match guard:
        case Truth(Computed("==", (term, Immediate(value=value))), holding):
            for other in kept:
                match other:
                    case Truth(Computed("==", (same, Immediate(value=known))), True) if (
                        same == term and known != value
                    ):
                        return not holding
                    case _:
                        pass
        case _:
            pass
    return None


def folded(term: Term) -> Term:
    """The term with everything computed that does not depend on a state."""
    match term:
        case Register() | Immediate():
            return term
        case Component(entry=entry, place=place):
            return _component(folded(entry), place)
        case IsFilled(entry=entry):
            inner = folded(entry)
            return Immediate(1) if isinstance(inner, WholeEntry) else _constant(IsFilled(inner))
        case Computed(operator=operator, operands=operands):
            return _constant(Computed(operator, tuple(map(folded, operands))))
        case Conjunction(left=left, right=right):
            return _constant(Conjunction(folded(left), folded(right)))
        case Disjunction(left=left, right=right):
            return _constant(Disjunction(folded(left), folded(right)))
        case WholeEntry(values=values):
            return _constant(WholeEntry(tuple(map(folded, values))))


def _component(entry: Term, place: int) -> Term:
    match entry:
        case WholeEntry(values=values):
            return values[place]
        case _:
            return _constant(Component(entry, place))


def _constant(term: Term) -> Term:
    if registers_in(term):
        return term
    try:
        return Immediate(evaluate(term)([]))
    except NoValueError:
        return term


def negative(term: Term) -> Term:
    """Whether a term is negative. What an operator of PARTIAL yields never is: its left operand was
    looked at before."""
    match term:
        case Computed(operator=operator) if operator in PARTIAL:
            return Immediate(0)
        case _:
            return folded(Computed("<", (term, Immediate(0))))


def same_entry(left: Term, right: Term, size: int) -> Term:
    """Whether two entries are equal: both empty, or both filled with equal fields."""
    one, other = folded(IsFilled(left)), folded(IsFilled(right))
    both: Term = Conjunction(one, other)
    for place in range(size):
        equal = Computed("==", (Component(left, place), Component(right, place)))
        both = Conjunction(both, equal)
    neither = Conjunction(Computed("!", (one,)), Computed("!", (other,)))
    return folded(Disjunction(neither, both))
