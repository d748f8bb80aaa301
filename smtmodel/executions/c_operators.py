"""Values of litmus tests and the operators of C on them, for those who run the lanes.

What C leaves undefined raises `DeadPath`: the path on which it is computed is impossible.
"""

import operator
from collections.abc import Callable

from smtmodel.litmus.program import AddressOf, Initial, Integer, ThinAir, Whole

Datum = int | AddressOf | ThinAir

Held = Datum | tuple[Datum, ...]
"""What memory holds: of an entry a value for each field."""


class DeadPath(Exception):
    """The path cannot go on: what is no address is used as one, or is computed with."""


def at_start(value: Initial) -> Held:
    """What a variable holds at the start."""
    return tuple(map(_datum, value.values)) if isinstance(value, Whole) else _datum(value)


def _datum(value: Integer | AddressOf) -> Datum:
    return value.value if isinstance(value, Integer) else value


WIDTH = 64
"""Shifts are by fewer bits."""


def _quotient(left: int, right: int) -> int:
    """Division as C has it, towards 0."""
    found = abs(left) // abs(right)
    return found if (left < 0) == (right < 0) else -found


def is_true(value: Datum) -> bool:
    """C truth: an address is true, and what is no number is not 0."""
    return isinstance(value, AddressOf) or value != 0


_OPERATORS: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: _quotient(a, b),
    "%": lambda a, b: a - b * _quotient(a, b),
    "&": operator.and_,
    "&~": lambda a, b: a & ~b,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def computed(symbol: str, values: list[Datum]) -> Datum:
    """An operator of C; what C leaves undefined makes the path impossible."""
    match symbol, values:
        case "!", [value]:
            return int(not is_true(value))
        case "negate", [int(value)]:
            return -value
        case "~", [int(value)]:
            return ~value
        case "&&", [left, right]:
            return int(is_true(left) and is_true(right))
        case "||", [left, right]:
            return int(is_true(left) or is_true(right))
        case "==", [left, right]:
            return int(left == right)
        case "!=", [left, right]:
            return int(left != right)
        case "+" | "-" | "^", [AddressOf() as left, 0]:
            return left
        case "+" | "^", [0, AddressOf() as right]:
            return right
        case "-" | "^", [AddressOf() as left, right] if left == right:
            return 0
        case _, [int(left), int(right)]:
            if symbol in ("/", "%") and right == 0:
                raise DeadPath
            if symbol in ("<<", ">>") and not 0 <= right < WIDTH:
                raise DeadPath
            return int(_OPERATORS[symbol](left, right))
    raise DeadPath
