"""The values that a run computes with, and the operators on them.

A value is a number (`int`), a pointer (`PointerValue`), the null pointer (`None`), a whole entry
(a tuple with one value per declared field, or `EMPTY`), or `NOTHING`: what a field of an empty
entry, and `settled(E)` where E is undefined, yield. `UNWRITTEN` lies in fields that were never
written, `UNSET` in locals that were never assigned; neither is ever computed with.
"""

from collections.abc import Callable
from typing import Final

from smtmodel.language.checked import TOKEN_BASE


class PointerValue(int):
    """The first location of an object; locations are never 0, so no pointer equals a 0."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"PointerValue({int(self)})"


class Absent:
    """A mark that stands where a value is missing; compared by identity, and pickled by its name
    so that it stays the same."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> str:
        return self.name


NOTHING: Final = Absent("NOTHING")
UNWRITTEN: Final = Absent("UNWRITTEN")
UNSET: Final = Absent("UNSET")
EMPTY: Final = Absent("EMPTY")

Value = int | None | Absent | tuple["Value", ...]
Memory = tuple[Value, ...]


def holds(value: Value) -> bool:
    """Whether a value counts as true: neither 0 nor null."""
    return value is not None and value != 0


def equal(left: Value, right: Value) -> Value:
    return 1 if left == right and left is not NOTHING else 0


def same(left: Value, right: Value) -> bool:
    """Whether a compare-exchange finds what it expects; whole entries field by field."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        return all(equal(*pair) for pair in zip(left, right, strict=True))
    return bool(equal(left, right))


def unequal(left: Value, right: Value) -> Value:
    return 0 if left == right and left is not NOTHING else 1


def less(left: Value, right: Value) -> Value:
    return 1 if isinstance(left, int) and isinstance(right, int) and left < right else 0


def at_most(left: Value, right: Value) -> Value:
    return 1 if isinstance(left, int) and isinstance(right, int) and left <= right else 0


def greater(left: Value, right: Value) -> Value:
    return less(right, left)


def at_least(left: Value, right: Value) -> Value:
    return at_most(right, left)


def add(left: Value, right: Value) -> Value:
    return left + right if isinstance(left, int) and isinstance(right, int) else NOTHING


def subtract(left: Value, right: Value) -> Value:
    return left - right if isinstance(left, int) and isinstance(right, int) else NOTHING


def multiply(left: Value, right: Value) -> Value:
    return left * right if isinstance(left, int) and isinstance(right, int) else NOTHING


PARTIAL: Final = ("/", "%", "&", "&~", "|", "^", "<<", ">>")
"""The operators that have no value where the left operand is negative.

The caller makes sure that it is not; their right operands are given as the checker wants them.
"""


def divide(left: Value, right: Value) -> Value:
    return left // right if isinstance(left, int) and isinstance(right, int) else NOTHING


def remainder(left: Value, right: Value) -> Value:
    return left % right if isinstance(left, int) and isinstance(right, int) else NOTHING


def mask(left: Value, right: Value) -> Value:
    return left & right if isinstance(left, int) and isinstance(right, int) else NOTHING


def merge(left: Value, right: Value) -> Value:
    return left | right if isinstance(left, int) and isinstance(right, int) else NOTHING


def differ(left: Value, right: Value) -> Value:
    return left ^ right if isinstance(left, int) and isinstance(right, int) else NOTHING


def leave_out(left: Value, right: Value) -> Value:
    return left & ~right if isinstance(left, int) and isinstance(right, int) else NOTHING


FAR = TOKEN_BASE.bit_length()
"""Places by which a number is shifted that make it too large, unless it is 0; or 0."""


def shift_left(left: Value, right: Value) -> Value:
    if isinstance(left, int) and isinstance(right, int):
        return left << min(right, FAR)
    return NOTHING


def shift_right(left: Value, right: Value) -> Value:
    return left >> right if isinstance(left, int) and isinstance(right, int) else NOTHING


def too_large(value: Value) -> bool:
    """Whether a number that was computed is so large that it is an error."""
    return isinstance(value, int) and abs(value) >= TOKEN_BASE


def invert(value: Value) -> Value:
    return 0 if holds(value) else 1


def negate(value: Value) -> Value:
    return -value if isinstance(value, int) else NOTHING


def binary(operator: str) -> Callable[[Value, Value], Value]:
    """What a binary operator does; KeyError if there is no such operator."""
    return {
        "+": add,
        "-": subtract,
        "*": multiply,
        "/": divide,
        "%": remainder,
        "&": mask,
        "&~": leave_out,
        "|": merge,
        "^": differ,
        "<<": shift_left,
        ">>": shift_right,
        "wrap": remainder,  # never negative, whatever the left operand: the right is positive
        "==": equal,
        "!=": unequal,
        "<": less,
        "<=": at_most,
        ">": greater,
        ">=": at_least,
    }[operator]


def unary(operator: str) -> Callable[[Value], Value]:
    """What `!` or `negate` does; KeyError if there is no such operator."""
    return {"!": invert, "negate": negate}[operator]
