"""Terms over the registers of a lane as expressions of Promela.

A term may have no value at all (a negative operand), which `missing` says; that a field of an empty
entry is nothing is a value, `NOTHING`.
"""

from collections.abc import Callable

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
)
from smtmodel.executions.values import EMPTY, NOTHING, PARTIAL
from smtmodel.language.checked import GROWING, Where
from smtmodel.promela.conditions import both, bracketed, either, negation
from smtmodel.promela.memory import LIMIT, Variables
from smtmodel.promela.traits import TOTAL, Trait
from smtmodel.source.record import parts, record
from smtmodel.systems.system import NotCoveredError


@record
class Operands:
    """The terms at a place of a lane: `held` gives what holds a register there, `may_be` says
    whether a term may have a trait."""

    held: Callable[[int], Variables]
    may_be: Callable[[Trait, Term], bool]
    where: Where | None

    def doubted(self, term: Term) -> bool:
        """Whether a term may be nothing."""
        return self.may_be(Trait.NOTHING, term)

    def refuse(self, reason: str) -> NotCoveredError:
        return NotCoveredError(self.where, reason)

    def value(self, term: Term) -> str:
        """The value of a term that is no whole entry."""
        match term:
            case Register(number=number):
                return self._scalar(self.held(number))
            case Immediate(value=value):
                return self._stated(value)
            case Computed(operator=operator, operands=(operand,)):
                return self._alone(operator, operand)
            case Computed(operator=operator, operands=(left, right)):
                return self._pair(operator, left, right)
            case Component(entry=entry, place=place):
                return self.entry(entry, place + 1)[place + 1]
            case IsFilled(entry=entry):
                return self.entry(entry, 0)[0]
            case Conjunction(left=left, right=right):
                return both(self.value(left), self.value(right))
            case Disjunction(left=left, right=right):
                return either(self.value(left), self.value(right))
            case _:
                raise self.refuse("a whole entry is computed with")

    def entry(self, term: Term, most: int) -> tuple[str, ...]:
        """Whether an entry is filled, and its fields, `most` of an empty one."""
        match term:
            case Register(number=number) if (held := self.held(number)).whole:
                return held.names
            case Immediate(value=value) if value is EMPTY:
                return ("0", *["NOTHING"] * most)
            case WholeEntry(values=values):
                return ("1", *map(self.value, values))
            case _:
                raise self.refuse("a whole entry is computed with")

    def _scalar(self, held: Variables) -> str:
        if held.whole or not held.names:
            raise self.refuse("a whole entry or a cookie is computed with")
        return held.names[0]

    def _stated(self, value: object) -> str:
        if value is None:
            return "0"
        if value is NOTHING:
            return "NOTHING"
        assert isinstance(value, int)
        assert abs(value) < LIMIT, value
        return str(value) if value >= 0 else f"({value})"

    def _alone(self, operator: str, operand: Term) -> str:
        inner = self.value(operand)
        if operator == "!":
            return negation(inner)
        if operator != "negate":
            raise self.refuse(f"`{operator}` of a number")
        return self._unless_nothing(f"-{bracketed(inner)}", operand)

    def _pair(self, operator: str, left: Term, right: Term) -> str:
        one, other = bracketed(self.value(left)), bracketed(self.value(right))
        stated = isinstance(left, Immediate) or isinstance(right, Immediate)
        match operator:
            case "==":
                unsure = not stated and self.doubted(left) and self.doubted(right)
                return both(f"{one} == {other}", f"{one} != NOTHING" if unsure else "")
            case "!=":
                unsure = not stated and self.doubted(left) and self.doubted(right)
                return either(f"{one} != {other}", f"{one} == NOTHING" if unsure else "")
            case "wrap":
                assert isinstance(right, Immediate)
                assert isinstance(right.value, int)
                return self._unless_nothing(f"{one} & {right.value - 1}", left)
            case "<<" | ">>" if not isinstance(right, Immediate):
                raise self.refuse("a shift by a number that is no literal")
            case _ if operator in TOTAL:
                known = [f"{text} != NOTHING" for text in self._doubtful(left, right)]
                return both(f"{one} {operator} {other}", *known)
            case _:
                return self._unless_nothing(f"{one} {operator} {other}", left, right)

    def _doubtful(self, *terms: Term) -> list[str]:
        return [bracketed(self.value(term)) for term in terms if self.doubted(term)]

    def nothing(self, *terms: Term) -> str:
        """That one of the terms is nothing."""
        return either(*(f"{text} == NOTHING" for text in self._doubtful(*terms)))

    def _unless_nothing(self, text: str, *terms: Term) -> str:
        nothing = self.nothing(*terms)
        return f"({nothing} -> NOTHING : {text})" if nothing else text

    def same(self, left: tuple[str, ...], right: tuple[str, ...]) -> str:
        """Whether two whole entries are equal: both empty, or filled with equal fields."""
        pairs = [
            both(f"{bracketed(a)} == {bracketed(b)}", f"{bracketed(a)} != NOTHING")
            for a, b in zip(left[1:], right[1:], strict=True)
        ]
        filled = both(left[0], right[0], *pairs)
        return either(both(negation(left[0]), negation(right[0])), filled)

    # ------------------------------------------------------------ what has no value

    def negative(self, operator: str, left: Term) -> str:
        """That the left operand of an operator is one for which it has no value."""
        if operator not in PARTIAL or not self.may_be(Trait.NEGATIVE, left):
            return ""
        one = bracketed(self.value(left))
        return both(f"{one} < 0", f"{one} != NOTHING" if self.doubted(left) else "")

    def missing(self, term: Term) -> str:
        """That a condition has no value; it is evaluated in its order."""
        match term:
            case Computed(operator=operator, operands=operands):
                if operator in GROWING:
                    self._check_size(operator, operands)
                inner = [self.missing(operand) for operand in operands]
                return either(*inner, self.negative(operator, operands[0]))
            case Conjunction(left=left, right=right):
                late = self.missing(right)
                return either(self.missing(left), both(self.value(left), late) if late else "")
            case Disjunction(left=left, right=right):
                late = self.missing(right)
                known = negation(self.value(left))
                return either(self.missing(left), both(known, late) if late else "")
            case _:
                return ""

    def _check_size(self, operator: str, operands: tuple[Term, ...]) -> None:
        """Refuses what may be larger than an `int`, where no limit can be looked at."""
        inner = [p for one in operands for p in parts(one) if isinstance(p, Computed)]
        if operator in ("*", "<<") or any(one.operator in GROWING for one in inner):
            raise self.refuse("waits for a condition whose numbers may be too large for an int")
