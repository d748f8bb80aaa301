"""Obligations of an invariant as SMT-LIB 2, over unbounded integers."""

from collections.abc import Iterable
from functools import cache

from smtmodel.encoding.smtlib import Script
from smtmodel.systems.arithmetic import WHOLE, Cell, Formula, InCell, variables_in


def name_of(cell: Cell) -> str:
    """The name of the number in a cell."""
    number, place = cell
    return f"x{number}" if place == WHOLE else f"x{number}_{place}"


@cache
def printed(formula: Formula) -> str:
    """A formula as text."""
    match formula:
        case int():
            return str(formula) if formula >= 0 else f"(- {-formula})"
        case InCell(cell=cell):
            return name_of(cell)
        case _:
            if not formula.operands:
                return "true" if formula.operator == "and" else "false"
            return f"({formula.operator} {' '.join(map(printed, formula.operands))})"


def asserted(formulas: Iterable[Formula]) -> Script:
    """The assertions that all of these hold."""
    found = list(formulas)
    cells = sorted(frozenset().union(*map(variables_in, found)))
    lines = tuple(f"(assert {printed(one)})" for one in found)
    return Script({name_of(cell): "Int" for cell in cells}, lines)
