"""Formulas over unbounded integers: what is left of guards and values where everything finite is
known.

They are made by the functions here alone, which compute what needs no values and give every
comparison one form, so that equal clauses look alike. `encoding.inductive` prints them.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import assert_never

from smtmodel.source.record import record

Cell = tuple[int, int]
"""A quantity as a whole (`WHOLE`), or the field at a place of the entry that it is."""

WHOLE = -1


@record(eq=False)
class InCell:
    """The number in a cell; of a token, the how-manieth was drawn."""

    cell: Cell


@record(eq=False)
class Compound:
    """An operator of SMT-LIB on formulas; `mod` and `div` have positive constants on the right."""

    operator: str
    operands: tuple["Formula", ...]


Formula = int | InCell | Compound


@cache
def variable(cell: Cell) -> InCell:
    """The number in a cell: of equal formulas there is one, so that they compare at no cost."""
    return InCell(cell)


@cache
def apply(operator: str, operands: tuple[Formula, ...]) -> Compound:
    """The operator on these operands; the same every time."""
    return Compound(operator, operands)


TRUE: Formula = apply("and", ())
FALSE: Formula = apply("or", ())


# ---------------------------------------------------------------- numbers


def plus(term: Formula, more: int) -> Formula:
    """A number and a constant."""
    base, offset = parted(term)
    if base is None:
        return offset + more
    return base if offset + more == 0 else apply("+", (base, offset + more))


def parted(term: Formula) -> tuple[Formula | None, int]:
    """What of a term is no constant, and the constant that is added to it."""
    match term:
        case int():
            return None, term
        case Compound("+", (base, int(offset))):
            return base, offset
        case _:
            return term, 0


def times(term: Formula, factor: int) -> Formula:
    if isinstance(term, int):
        return term * factor
    return term if factor == 1 else apply("*", (term, factor))


def added(left: Formula, right: Formula) -> Formula:
    """The sum of any two numbers."""
    if isinstance(left, int):
        return plus(right, left)
    return plus(left, right) if isinstance(right, int) else apply("+", (left, right))


def divided(term: Formula, size: int) -> Formula:
    """The quotient, rounded down."""
    if isinstance(term, int):
        return term // size
    return term if size == 1 else apply("div", (term, size))


def residue(term: Formula, modulus: int) -> Formula:
    base, offset = parted(term)
    if base is None or modulus == 1:
        return offset % modulus
    return apply("mod", (plus(base, offset % modulus), modulus))


def either(condition: Formula, then: Formula, otherwise: Formula) -> Formula:
    if condition == TRUE or then == otherwise:
        return then
    return otherwise if condition == FALSE else apply("ite", (condition, then, otherwise))


# ---------------------------------------------------------------- truth


def equal(left: Formula, right: Formula) -> Formula:
    """Whether two numbers are equal: constants on the right, of two cells the lower on the left."""
    (one, first), (other, second) = parted(left), parted(right)
    if one == other:
        return TRUE if first == second else FALSE
    if one is None:
        one, other, first, second = other, one, second, first
    assert one is not None
    if other is None:
        return _constant_equal(one, second - first)
    if _place(other) < _place(one):
        one, other, first, second = other, one, second, first
    return apply("=", (one, plus(other, second - first)))


def _place(term: Formula) -> tuple[int, Cell, str]:
    """Where a term stands in the order of terms: numbers of cells first."""
    return (0, term.cell, "") if isinstance(term, InCell) else (1, (0, 0), repr(term))


def _constant_equal(term: Formula, value: int) -> Formula:
    match term:
        case Compound("mod", (inner, int(modulus))):
            if not 0 <= value < modulus:
                return FALSE
            base, offset = parted(inner)
            assert base is not None
            return apply("=", (apply("mod", (base, modulus)), (value - offset) % modulus))
        case Compound("ite", (condition, int(then), int(otherwise))):
            return either(
                condition,
                TRUE if then == value else FALSE,
                TRUE if otherwise == value else FALSE,
            )
        case _:
            return apply("=", (term, value))


def less(left: Formula, right: Formula) -> Formula:
    """Whether a number is less than another: constants on the right, differences of 0 where that
    is possible."""
    (one, first), (other, second) = parted(left), parted(right)
    if one == other:
        return TRUE if first < second else FALSE
    if one is None:  # a constant c is less than x + d: not x < c - d + 1
        assert other is not None
        return negated(apply("<", (other, first - second + 1)))
    if other is None:
        return apply("<", (one, second - first))
    if second - first == 1:
        return negated(apply("<", (other, one)))
    return apply("<", (one, plus(other, second - first)))


def negated(formula: Formula) -> Formula:
    match formula:
        case Compound("and", parts):
            return disjunction(map(negated, parts))
        case Compound("or", parts):
            return conjunction(map(negated, parts))
        case Compound("not", (inner,)):
            return inner
        case Compound("=", (Compound("mod", (base, 2)), int(value))):
            return apply("=", (apply("mod", (base, 2)), 1 - value))
        case _:
            return apply("not", (formula,))


def conjunction(parts: Iterable[Formula]) -> Formula:
    return _joined("and", "or", parts)


def disjunction(parts: Iterable[Formula]) -> Formula:
    return _joined("or", "and", parts)


def _joined(operator: str, other: str, parts: Iterable[Formula]) -> Formula:
    """The parts without those that say nothing; nothing of them where two contradict."""
    kept: dict[Formula, None] = {}
    for part in parts:
        inner = (
            part.operands if isinstance(part, Compound) and part.operator == operator else (part,)
        )
        kept |= dict.fromkeys(inner)
    for part in kept:
        if part == apply(other, ()) or negated(part) in kept:
            return apply(other, ())
    found = tuple(kept)
    return found[0] if len(found) == 1 else apply(operator, found)


def literals(clause: Formula) -> tuple[Formula, ...]:
    """The parts of a disjunction."""
    return (
        clause.operands if isinstance(clause, Compound) and clause.operator == "or" else (clause,)
    )


# ---------------------------------------------------------------- other numbers in a formula


def replaced(formula: Formula, values: Mapping[Cell, Formula]) -> Formula:
    """The formula with a term in the place of each number; every number has one."""
    match formula:
        case int():
            return formula
        case InCell(cell=cell):
            return values[cell]
        case Compound(operator=operator, operands=operands):
            return applied(operator, [replaced(part, values) for part in operands])
        case _:
            assert_never(formula)


def applied(operator: str, operands: list[Formula]) -> Formula:
    """An operator of a formula on these operands; KeyError if there is none of that name."""
    made: dict[str, Callable[..., Formula]] = {
        "+": added,
        "*": times,
        "div": divided,
        "mod": residue,
        "ite": either,
        "=": equal,
        "<": less,
        "not": negated,
        "and": lambda *parts: conjunction(parts),
        "or": lambda *parts: disjunction(parts),
    }
    return made[operator](*operands)


@cache
def variables_in(formula: Formula) -> frozenset[Cell]:
    match formula:
        case int():
            return frozenset()
        case InCell(cell=cell):
            return frozenset((cell,))
        case Compound(operands=operands):
            return frozenset().union(*map(variables_in, operands))
        case _:
            assert_never(formula)


def value_of(formula: Formula, values: Mapping[Cell, int]) -> int:
    """The value; of what is true 1, of what is false 0."""
    known = {cell: values[cell] for cell in variables_in(formula)}
    made = replaced(formula, known)
    if isinstance(made, int):
        return made
    assert made in (TRUE, FALSE), made
    return int(made == TRUE)
