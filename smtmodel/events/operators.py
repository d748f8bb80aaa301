"""The operators of the language on constants. Total: errors of the run are guarded elsewhere.

`nothing` (a field of an empty entry) equals nothing; an ordering with it is 0, arithmetic
gives nothing. Undefined operands give undefined, and so does a result that is too large: sets
of values stay sets of small numbers, however often a protocol multiplies.
"""

from collections.abc import Callable

from smtmodel.events.terms import Constant, Reference, Special, is_true
from smtmodel.language.checked import TOKEN_BASE


def _arithmetic(
    function: Callable[[int, int], Constant],
) -> Callable[[Constant, Constant], Constant]:
    def apply(left: Constant, right: Constant) -> Constant:
        if isinstance(left, int) and isinstance(right, int):
            return function(left, right)
        return _missing(left, right)

    return apply


def _growing(function: Callable[[int, int], int]) -> Callable[[Constant, Constant], Constant]:
    """Of one of GROWING, whose result may be too large."""

    def apply(left: int, right: int) -> Constant:
        made = function(left, right)
        return made if abs(made) < TOKEN_BASE else Special.UNDEFINED

    return _arithmetic(apply)


def _missing(*operands: Constant) -> Special:
    return Special.UNDEFINED if Special.UNDEFINED in operands else Special.NOTHING


def _order(function: Callable[[int, int], bool]) -> Callable[[Constant, Constant], Constant]:
    def apply(left: Constant, right: Constant) -> Constant:
        if isinstance(left, int) and isinstance(right, int):
            return int(function(left, right))
        return Special.UNDEFINED if Special.UNDEFINED in (left, right) else 0

    return apply


def _equal(left: Constant, right: Constant) -> Constant:
    if Special.UNDEFINED in (left, right):
        return Special.UNDEFINED
    if Special.NOTHING in (left, right):
        return 0
    return int(left == right)


def _unequal(left: Constant, right: Constant) -> Constant:
    same = _equal(left, right)
    return 1 - same if isinstance(same, int) else same


def _not(operand: Constant) -> Constant:
    return Special.UNDEFINED if operand is Special.UNDEFINED else int(not is_true(operand))


def _negate(operand: Constant) -> Constant:
    return -operand if isinstance(operand, int) else _missing(operand)


def _both(left: Constant, right: Constant) -> Constant:
    if left is Special.UNDEFINED or (is_true(left) and right is Special.UNDEFINED):
        return Special.UNDEFINED
    return int(is_true(left) and is_true(right))


def _one_of(left: Constant, right: Constant) -> Constant:
    if left is Special.UNDEFINED or (not is_true(left) and right is Special.UNDEFINED):
        return Special.UNDEFINED
    return int(is_true(left) or is_true(right))


def _filled(component: Constant) -> Constant:
    if component is Special.UNDEFINED:
        return component
    return int(component is not Special.NOTHING)


def _assigned(value: Constant) -> Constant:
    """A local in a final state; undefined where it was never assigned."""
    return Special.UNDEFINED if value is Special.UNASSIGNED else value


def _defined(value: Constant) -> Constant:
    return int(value is not Special.UNDEFINED)


def _written(value: Constant) -> Constant:
    return int(value is not Special.UNWRITTEN)


def _judged(value: Constant) -> Constant:
    """A value in a snapshot: what has no value there is undefined."""
    return Special.UNDEFINED if isinstance(value, Special) and value is not Special.NULL else value


def _kept(value: Constant) -> Constant:
    """A settled value in a lane: what was undefined is nothing."""
    return Special.NOTHING if value is Special.UNDEFINED else value


def _natural(value: Constant) -> Constant:
    """The left operand of one of NATURAL in a snapshot."""
    return Special.UNDEFINED if isinstance(value, int) and value < 0 else value


def _displaced(
    function: Callable[[int, int], int],
) -> Callable[[Constant, Constant], Constant]:
    """A sum or difference in C, which a pointer may be too if the other operand is 0."""
    plain = _growing(function)

    def apply(left: Constant, right: Constant) -> Constant:
        if isinstance(left, Reference) and right == 0:
            return left
        if isinstance(left, Reference) and left == right and function(1, 1) == 0:
            return 0
        if isinstance(right, Reference) and left == 0 and function(0, 1) == 1:
            return right
        return plain(left, right)

    return apply


def _divided(
    function: Callable[[int, int, int], int],
) -> Callable[[Constant, Constant], Constant]:
    """Division in C, towards 0; `function` is given the quotient too."""

    def apply(left: int, right: int) -> Constant:
        if right == 0:
            return Special.UNDEFINED
        quotient = abs(left) // abs(right)
        return function(left, right, quotient if (left < 0) == (right < 0) else -quotient)

    return _arithmetic(apply)


def _shifted(function: Callable[[int, int], int]) -> Callable[[Constant, Constant], Constant]:
    """A shift in C, by fewer bits than a word has."""
    plain = _growing(function)

    def apply(left: Constant, right: Constant) -> Constant:
        inside = not isinstance(right, int) or 0 <= right < WORD
        return plain(left, right) if inside else Special.UNDEFINED

    return apply


def _moved(function: Callable[[int, int], int]) -> Callable[[Constant, Constant], Constant]:
    """A shift, by a number that is not negative."""
    plain = _growing(function)

    def apply(left: Constant, right: Constant) -> Constant:
        backwards = isinstance(right, int) and right < 0
        return Special.UNDEFINED if backwards else plain(left, right)

    return apply


def _same(left: Constant, right: Constant) -> Constant:
    """Components of whole entries: those of two empty entries are the same."""
    if Special.UNDEFINED in (left, right):
        return Special.UNDEFINED
    return int(left == right)


WORD = 64

NATURAL = ("/", "%", "&", "&~", "|", "^", "<<", ">>")
"""The operators whose left operand must not be negative."""
"""The operators whose left operand must not be negative."""


UNARY: dict[str, Callable[[Constant], Constant]] = {
    "!": _not,
    "negate": _negate,
    "filled": _filled,
    "assigned": _assigned,
    "defined": _defined,
    "written": _written,
    "judged": _judged,
    "kept": _kept,
    "natural": _natural,
    "~": lambda value: ~value if isinstance(value, int) else _missing(value),
    "pointer": lambda value: int(isinstance(value, Reference)),
    "proper": lambda value: int(not isinstance(value, Special)),
}

BINARY: dict[str, Callable[[Constant, Constant], Constant]] = {
    "+": _growing(lambda a, b: a + b),
    "-": _growing(lambda a, b: a - b),
    "*": _growing(lambda a, b: a * b),
    "/": _arithmetic(lambda a, b: a // b),
    "%": _arithmetic(lambda a, b: a % b),
    "&": _arithmetic(lambda a, b: a & b),
    "|": _arithmetic(lambda a, b: a | b),
    "<<": _moved(lambda a, b: a << min(b, WORD)),
    ">>": _moved(lambda a, b: a >> b),
    "sum": _displaced(lambda a, b: a + b),
    "difference": _displaced(lambda a, b: a - b),
    "quotient": _divided(lambda a, b, quotient: quotient),
    "remainder": _divided(lambda a, b, quotient: a - b * quotient),
    "left": _shifted(lambda a, b: a << b),
    "right": _shifted(lambda a, b: a >> b),
    "^": _displaced(lambda a, b: a ^ b),
    "&~": _arithmetic(lambda a, b: a & ~b),
    "first": lambda a, b: a,
    "wrap": _arithmetic(lambda a, b: a % b),
    "same": _same,
    "==": _equal,
    "!=": _unequal,
    "<": _order(lambda a, b: a < b),
    "<=": _order(lambda a, b: a <= b),
    ">": _order(lambda a, b: a > b),
    ">=": _order(lambda a, b: a >= b),
    "&&": _both,
    "||": _one_of,
}


def apply(operator: str, operands: tuple[Constant, ...]) -> Constant:
    """The value of an operator of UNARY or BINARY on constants."""
    if len(operands) == 1:
        return UNARY[operator](operands[0])
    return BINARY[operator](operands[0], operands[1])
