"""Terms of a system where what is finite of a state is known and its numbers are not.

What is left of a value is a value, a number or a token that is a formula, or a truth. Operators
are those of `executions.values` where all is known. A token and a number are never equal, and the
number is less; tokens compare by when they were drawn, and are in no arithmetic.
"""

from collections.abc import Sequence

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
from smtmodel.executions.values import EMPTY, NOTHING, Absent, Value, binary, holds, unary
from smtmodel.language.checked import TOKEN_BASE
from smtmodel.source.record import record
from smtmodel.systems import arithmetic
from smtmodel.systems.arithmetic import FALSE, TRUE, Formula
from smtmodel.systems.system import Guard, NotCoveredError, Truth


@record
class Symbolic:
    """A number that is not known."""

    number: Formula


@record
class Drawn:
    """A token, by how many were drawn up to it."""

    number: Formula


@record
class Condition:
    """1 where the formula holds, else 0."""

    holds: Formula


Residual = int | None | Absent | Symbolic | Drawn | Condition | tuple["Residual", ...]

State = Sequence[Residual]


def residual(value: Value) -> Residual:
    """A value of a state, with its tokens as such."""
    match value:
        case tuple():
            return tuple(map(residual, value))
        case int() if value >= TOKEN_BASE:
            return Drawn(value - TOKEN_BASE)
        case _:
            return value


def tested(guards: Sequence[Guard], state: State) -> Formula:
    """Whether all guards hold; those after one that never does are not looked at."""
    kept: list[Formula] = []
    for guard in guards:
        kept.append(_tested(guard, state))
        if kept[-1] == FALSE:
            return FALSE
    return arithmetic.conjunction(kept)


def _tested(guard: Guard, state: State) -> Formula:
    value = reduced(guard.term, state)
    if isinstance(guard, Truth):
        true = truth(value)
        return true if guard.holding else arithmetic.negated(true)
    return TRUE if (value is guard.mark) == guard.holding else FALSE


def truth(value: Residual) -> Formula:
    """Whether a value counts as true."""
    match value:
        case Condition(holds=formula):
            return formula
        case Symbolic(number=number):
            return arithmetic.negated(arithmetic.equal(number, 0))
        case Drawn():
            return TRUE
        case tuple():
            return TRUE
        case _:
            return TRUE if holds(value) else FALSE


def reduced(term: Term, state: State) -> Residual:
    """What is left of a term."""
    match term:
        case Register(number=number):
            return state[number]
        case Immediate(value=value):
            return residual(value)
        case Component(entry=entry, place=place):
            whole = reduced(entry, state)
            return whole[place] if isinstance(whole, tuple) else NOTHING
        case IsFilled(entry=entry):
            whole = reduced(entry, state)
            return 0 if whole is EMPTY or whole is NOTHING else 1
        case Computed(operator=operator, operands=(operand,)):
            return _unary(operator, reduced(operand, state))
        case Computed(operator=operator, operands=(left, right)):
            return _binary(operator, reduced(left, state), reduced(right, state))
        case Conjunction(left=left, right=right):
            first = truth(reduced(left, state))
            return _both(first, right, state) if first != FALSE else 0
        case Disjunction(left=left, right=right):
            first = arithmetic.negated(truth(reduced(left, state)))
            if first == FALSE:
                return 1
            second = arithmetic.negated(truth(reduced(right, state)))
            return condition(arithmetic.negated(arithmetic.conjunction((first, second))))
        case WholeEntry(values=values):
            return tuple(reduced(value, state) for value in values)
        case _:
            raise NotCoveredError(None, "a term that is not known")


def _both(first: Formula, right: Term, state: State) -> Residual:
    return condition(arithmetic.conjunction((first, truth(reduced(right, state)))))


def condition(formula: Formula) -> Residual:
    """1 or 0, as far as it is known."""
    if formula == TRUE:
        return 1
    return 0 if formula == FALSE else Condition(formula)


def known(value: Residual) -> bool:
    """Whether nothing of a value is a formula."""
    if isinstance(value, tuple):
        return all(map(known, value))
    return not isinstance(value, Symbolic | Drawn | Condition)


def number_of(value: Residual) -> Formula | None:
    """The formula of a number; None of what is no number, and of tokens."""
    match value:
        case Symbolic(number=number):
            return number
        case Condition(holds=formula):
            return arithmetic.either(formula, 1, 0)
        case int():
            return value
        case _:
            return None


def _number(formula: Formula) -> Residual:
    return formula if isinstance(formula, int) else Symbolic(formula)


def _unary(operator: str, value: Residual) -> Residual:
    if operator == "!":
        return condition(arithmetic.negated(truth(value)))
    number = number_of(value)
    if number is None:
        _no_token(value)
        return NOTHING
    if isinstance(number, int):
        return residual(unary(operator)(number))
    return Symbolic(arithmetic.times(number, -1))


ORDERED = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
"""Which of less, equal and greater make each comparison true."""


def _binary(operator: str, left: Residual, right: Residual) -> Residual:
    if operator in ORDERED:
        return _compared(operator, left, right)
    first, second = number_of(left), number_of(right)
    if first is None or second is None:
        _no_token(left)
        _no_token(right)
        return NOTHING
    if isinstance(first, int) and isinstance(second, int):
        return residual(binary(operator)(first, second))
    return _number(_computed(operator, first, second))


def _no_token(value: Residual) -> None:
    if isinstance(value, Drawn):
        raise NotCoveredError(None, "a token is computed with")


def _compared(operator: str, left: Residual, right: Residual) -> Residual:
    """Tokens are above all numbers; what is neither is equal or not."""
    if isinstance(left, tuple) or isinstance(right, tuple):
        raise NotCoveredError(None, "whole entries are compared")
    if isinstance(left, Drawn) and isinstance(right, Drawn):
        return condition(_ordered(operator, left.number, right.number))
    first, second = number_of(left), number_of(right)
    if isinstance(left, Drawn) and second is not None:
        return int(1 in ORDERED[operator])
    if isinstance(right, Drawn) and first is not None:
        return int(-1 in ORDERED[operator])
    if first is not None and second is not None:
        return condition(_ordered(operator, first, second))
    return residual(binary(operator)(_plain(left), _plain(right)))


def _plain(value: Residual) -> Value:
    """A stand-in for a number or a token that is compared with what is neither: any would do."""
    match value:
        case Symbolic() | Drawn() | Condition():
            return 0
        case tuple():
            raise NotCoveredError(None, "whole entries are compared")
        case _:
            return value


def _ordered(operator: str, left: Formula, right: Formula) -> Formula:
    match operator:
        case "==":
            return arithmetic.equal(left, right)
        case "!=":
            return arithmetic.negated(arithmetic.equal(left, right))
        case "<":
            return arithmetic.less(left, right)
        case ">":
            return arithmetic.less(right, left)
        case "<=":
            return arithmetic.negated(arithmetic.less(right, left))
        case _:
            return arithmetic.negated(arithmetic.less(left, right))


def _computed(operator: str, left: Formula, right: Formula) -> Formula:
    """Arithmetic in which something is not known."""
    if operator == "+":
        return arithmetic.added(left, right)
    if operator == "*" and isinstance(left, int):
        left, right = right, left
    if not isinstance(right, int):
        if operator == "-":
            return arithmetic.added(left, arithmetic.times(right, -1))
        raise NotCoveredError(None, f"`{operator}` of two numbers that are not bounded")
    return _by_constant(operator, left, right)


def _by_constant(operator: str, left: Formula, right: int) -> Formula:
    """Left operands of `/` to `>>` are not negative: that was looked at before."""
    match operator:
        case "-":
            return arithmetic.plus(left, -right)
        case "*":
            return arithmetic.times(left, right)
        case "/" if right > 0:
            return arithmetic.divided(left, right)
        case "%" | "wrap" if right > 0:
            return arithmetic.residue(left, right)
        case "<<" if right >= 0:
            return arithmetic.times(left, 1 << right)
        case ">>" if right >= 0:
            return arithmetic.divided(left, 1 << right)
        case "&" if right >= 0:
            return _masked(left, right)
        case "|" if right >= 0:
            clear = arithmetic.times(_masked(left, right), -1)
            return arithmetic.plus(arithmetic.added(left, clear), right)
        case _:
            raise NotCoveredError(None, f"`{operator}` by {right} on an unbounded number")


def _masked(number: Formula, mask: int) -> Formula:
    """The sum of the runs of bits that the mask has."""
    total: Formula = 0
    low = 0
    while mask >> low:
        if not mask >> low & 1:
            low += 1
            continue
        size = 0
        while mask >> (low + size) & 1:
            size += 1
        part = arithmetic.residue(arithmetic.divided(number, 1 << low), 1 << size)
        total = arithmetic.added(total, arithmetic.times(part, 1 << low))
        low += size
    return total
