"""Read-modify-writes: exchanges, compare-exchanges and atomic counters.

Takes calls of the text; gives one checked expression each. The arguments are evaluated from left
to right, that of the place as far as its address. A word or a cache is exchanged as a whole: its
operands are entries, in a local, in a record or read from another place.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    ADDS,
    BITS,
    Constant,
    Expression,
    Operation,
    ReadModifyWrite,
    Rmw,
    Yields,
)
from smtmodel.language.expressions import (
    bit_number,
    bit_of,
    is_complement,
    not_negative,
    value,
)
from smtmodel.language.places import NOTHING, Typed, is_ghost, place
from smtmodel.language.primitives import Modifying
from smtmodel.language.records import fitted, record_value
from smtmodel.language.scope import Scope
from smtmodel.language.types import Bits, Entry, Plain, Type, in_words, join
from smtmodel.source.record import replace

EXPECTED = 1
"""Which argument of a compare-exchange is what it compares with."""
_COUNTS = (*ADDS, *BITS)


def modify(scope: Scope, call: ast.Call, meaning: Modifying) -> Typed:
    """A read-modify-write; what it yields is used or not."""
    target = call.arguments[meaning.place]
    wanted = scope.symbols.entry(target)
    given = [one for one in call.arguments if one is not target]
    if meaning.operation is Rmw.AND and is_complement(given[0]):
        meaning, given = replace(meaning, operation=Rmw.CLEAR), [given[0].operand]
    operands = [_operand(scope, one, wanted) for one in given]
    if meaning.yields is Yields.SUCCESS and EXPECTED in call.pointed:
        message = f"`{call.name}` does not change what it compares with, as the kernel's does"
        suggestion = "leave out the `&`, and read the place again before another try"
        scope.refuse(codes.OUT_OF_PLACE, message, call.arguments[EXPECTED].span, suggestion)
        return NOTHING
    location = place(scope, target)
    if location is None:
        return NOTHING
    where, held = location
    if is_ghost(scope.symbols, where):
        message = f"a ghost is assigned plainly, not by `{call.name}`"
        scope.refuse(codes.GHOST_ACCESS, message, target.span)
        return NOTHING
    if not _fits(scope, call, meaning, held):
        return NOTHING
    number = bit_number(scope, given[0], held) if meaning.bit else 0
    needed = Plain.NUMBER if meaning.operation in _COUNTS else held
    for one, (_, type_) in zip(given, operands, strict=True):
        if join(needed, type_) is None:
            message = f"this is {in_words(type_)}, where {in_words(needed)} is needed"
            scope.refuse(codes.MISMATCH, message, one.span)
            return NOTHING
    counts = meaning.operation in _COUNTS
    made = ReadModifyWrite(
        meaning.operation,
        where,
        _amount(scope, meaning, operands, held, given, number)
        if counts
        else _exchanged(scope, operands, held, given),
        meaning.yields,
        meaning.mark,
        held.width if counts and isinstance(held, Bits) else None,
        meaning.place == 0,
        call.span,
    )
    if meaning.zero:
        return Operation("==", (made, Constant(0)), call.span), Plain.NUMBER
    if meaning.bit:
        return bit_of(made, number, call.span), Plain.NUMBER
    if meaning.less:
        return Operation("-", (made, Constant(meaning.less)), call.span), Plain.NUMBER
    return made, Plain.NUMBER if meaning.yields is Yields.SUCCESS else held


def _operand(scope: Scope, given: ast.Expression, wanted: Entry | None) -> Typed:
    if not isinstance(given, ast.Record):
        return value(scope, given)
    if wanted is None:
        message = "a record is an operand only where a word or a cache is exchanged"
        scope.refuse(codes.OUT_OF_PLACE, message, given.span)
        return NOTHING
    return record_value(scope, given, wanted)


def _fits(scope: Scope, call: ast.Call, meaning: Modifying, held: Type) -> bool:
    """Whether the operation works on what the place holds; else an error is reported."""
    target = call.arguments[meaning.place]
    if meaning.operation in _COUNTS and join(Plain.NUMBER, held) is None:
        message = f"`{call.name}` works on a number, and this is {in_words(held)}"
        scope.refuse(codes.OPERAND, message, target.span)
        return False
    if meaning.operation in BITS and not isinstance(held, Bits) and held is not Plain.UNKNOWN:
        message = f"`{call.name}` works on bits, and a number without a width has none"
        scope.refuse(codes.OPERAND, message, target.span, "declare its place with `: bits N`")
        return False
    if meaning.entries and not isinstance(held, Entry) and held is not Plain.UNKNOWN:
        message = f"`{call.name}` works on a word or a cache, and this is {in_words(held)}"
        suggestion = "did you mean `try_cmpxchg`?"
        scope.refuse(codes.OPERAND, message, target.span, suggestion)
        return False
    return True


def _amount(
    scope: Scope,
    meaning: Modifying,
    operands: list[Typed],
    held: Type,
    given: list[ast.Expression],
    number: int,
) -> tuple[Expression, ...]:
    """What is added, or the mask; of an addition unless also what it compares with."""
    if meaning.bit:
        return (Constant(1 << number),)
    if not operands:
        return (Constant(meaning.amount),)
    operand, span = operands[0][0], given[0].span
    if meaning.operation in BITS:
        return (not_negative(operand, span),)
    if meaning.operation is Rmw.ADD_UNLESS:
        return operand, fitted(scope, operands[1], held, given[1].span)
    if meaning.sign > 0:
        return (operand,)
    if isinstance(operand, Constant):
        return (Constant(-operand.value),)
    return (Operation("negate", (operand,), span),)


def _exchanged(
    scope: Scope, operands: list[Typed], held: Type, given: list[ast.Expression]
) -> tuple[Expression, ...]:
    """The operands as the place keeps them: what is compared is cut to its width too, as in C."""
    return tuple(
        fitted(scope, typed, held, one.span) for one, typed in zip(given, operands, strict=True)
    )
