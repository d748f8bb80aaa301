"""The values of expressions, with the reads that they make in order.

Takes expressions of the text; gives checked expressions and their types. In a property every
load is plain: a snapshot has no marks, and nothing in it may have an effect.
"""

from typing import TypeGuard

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    And,
    Constant,
    Expression,
    Filled,
    Load,
    Mark,
    NullPointer,
    Operation,
    Or,
    Shape,
)
from smtmodel.language.places import NOTHING, Typed, access, shape_of
from smtmodel.language.primitives import (
    PRIMITIVES,
    Awaiting,
    Freeing,
    Masking,
    Modifying,
    Primitive,
    Reading,
    Settling,
    Sleeping,
    Testing,
    Trying,
    Unmasking,
    arity,
)
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.types import Bits, Entry, Plain, Pointer, Type, in_words, is_number, join
from smtmodel.source import Span

_EQUALITY = ("==", "!=")
_ORDER = ("<", "<=", ">", ">=")
_COMPARISONS = (*_EQUALITY, *_ORDER)
_MASKS = ("&", "|", "^")
_BITWISE = (*_MASKS, "<<", ">>")
LONGEST_SHIFT = 30
"""Places of the longest shift."""


_NEEDED: dict[type, str] = {
    Sleeping: "name a `waitqueue` before the condition, or write `wait until (…)`",
    Masking: "name the local that remembers how interrupts were",
    Unmasking: "name the local that remembers how interrupts were",
}
"""What a call lacks that has too few arguments."""


def value(scope: Scope, expression: ast.Expression) -> Typed:
    """The value of an expression, entries included."""
    match expression:
        case ast.Number(literal, name=name):
            return Constant(literal, name), Plain.NUMBER
        case ast.Null():
            return NullPointer(), Plain.NULL
        case ast.Name() | ast.Field() | ast.Index():
            return access(scope, expression, Mark.PLAIN)
        case ast.Call():
            return _call(scope, expression)
        case ast.Unary("!", operand):
            return Operation("!", (condition(scope, operand),), expression.span), Plain.NUMBER
        case ast.Unary("~"):
            message = "a number has no width whose bits `~` could turn over"
            suggestion = "`a & ~b` leaves out bits; stored in a place of `bits N` it has N bits"
            scope.refuse(codes.LITERAL, message, expression.span, suggestion)
            return NOTHING
        case ast.Unary(_, operand):
            negated = number(scope, operand)
            return Operation("negate", (negated,), expression.span), Plain.NUMBER
        case ast.Binary():
            return _binary(scope, expression), Plain.NUMBER
        case ast.Ternary():
            _refuse_choice(scope, expression)
            return NOTHING
        case _:
            message = "this stands only as the whole right side of an assignment or of a write"
            suggestion = "assign it to a local first"
            scope.refuse(codes.OUT_OF_PLACE, message, expression.span, suggestion)
            return NOTHING


def _refuse_choice(scope: Scope, expression: ast.Ternary) -> None:
    """`c ? a : b` is several steps, and stands where those can."""
    if scope.stand is Stand.STEP:
        message = "`?` is several steps, and here only a value can stand"
        suggestion = "write it with `if` and `else` before this step"
        scope.refuse(codes.OUT_OF_PLACE, message, expression.span, suggestion)
    else:
        message = "`?` is several steps; a property only looks at values"
        suggestion = "write it with `&&` and `||`"
        scope.refuse(codes.NOT_SNAPSHOT, message, expression.span, suggestion)


def turned_over(scope: Scope, expression: ast.Unary) -> Typed:
    """`~x`, of which a place of stated width keeps its bits."""
    negated = Operation("negate", (number(scope, expression.operand),), expression.span)
    return Operation("-", (negated, Constant(1)), expression.span), Plain.NUMBER


def is_complement(expression: ast.Expression) -> TypeGuard[ast.Unary]:
    """Whether it is `~x`."""
    return isinstance(expression, ast.Unary) and expression.operator == "~"


def number(scope: Scope, expression: ast.Expression) -> Expression:
    """The value of an expression that must be a number."""
    found, type_ = value(scope, expression)
    if type_ is not Plain.UNKNOWN and not is_number(type_):
        message = f"this is {in_words(type_)}, not a number"
        scope.refuse(codes.OPERAND, message, expression.span)
    return found


def condition(scope: Scope, expression: ast.Expression) -> Expression:
    """The value of an expression that counts as true or false: a number or a pointer."""
    found, type_ = value(scope, expression)
    if isinstance(type_, Entry):
        message = f"this is {in_words(type_)}, neither true nor false"
        suggestion = "did you mean `filled(…)`?"
        scope.refuse(codes.OPERAND, message, expression.span, suggestion)
    return found


def _binary(scope: Scope, expression: ast.Binary) -> Expression:
    operator, left, right = expression.operator, expression.left, expression.right
    if operator == "&&":
        return And(condition(scope, left), condition(scope, right))
    if operator == "||":
        return Or(condition(scope, left), condition(scope, right))
    if operator in _EQUALITY:
        return _equality(scope, expression)
    first = number(scope, left)
    if operator == "&" and is_complement(right):
        return _without_bits(scope, expression, first, right.operand)
    second = number(scope, right)
    if operator in _BITWISE:
        second = _natural(scope, expression, second)
    if operator in ("/", "%") and not (isinstance(second, Constant) and second.value > 0):
        message = f"the right side of `{operator}` must be a positive number"
        scope.refuse(codes.DIVISOR, message, right.span)
    return Operation(operator, (first, second), expression.span)


def _natural(scope: Scope, expression: ast.Binary, right: Expression) -> Expression:
    """The right side of an operator on bits, which has no value where it is negative."""
    operator = expression.operator
    what = "mask" if operator in _MASKS else "number of places"
    match expression.right:
        case ast.Binary(tighter) if operator in _MASKS and tighter in _COMPARISONS:
            message = f"a comparison is no {what}"
            suggestion = f"as in C, `{tighter}` binds tighter than `{operator}`"
            suggestion += f": write `(… {operator} …) {tighter} …`"
            scope.refuse(codes.LITERAL, message, expression.right.span, suggestion)
        case _ if isinstance(right, Constant) and right.value < 0:
            message = f"the {what} right of `{operator}` is negative"
            scope.refuse(codes.LITERAL, message, expression.right.span)
        case _ if isinstance(right, Constant) and operator not in _MASKS:
            if right.value > LONGEST_SHIFT:
                message = f"a shift by a literal goes at most {LONGEST_SHIFT} places"
                scope.refuse(codes.LITERAL, message, expression.right.span)
        case _:
            pass
    return not_negative(right, expression.right.span)


def not_negative(value: Expression, span: Span) -> Expression:
    """The same value, where it is not negative; else an error of the run."""
    if isinstance(value, Constant):
        return value
    return Operation(">>", (value, Constant(0)), span)


def _without_bits(
    scope: Scope, expression: ast.Binary, left: Expression, bits: ast.Expression
) -> Expression:
    """`a & ~b`, which needs no width."""
    right = number(scope, bits)
    if isinstance(right, Constant) and right.value < 0:
        message = "the mask right of `~` is negative"
        scope.refuse(codes.LITERAL, message, bits.span)
    return Operation("&~", (left, not_negative(right, bits.span)), expression.span)


def _equality(scope: Scope, expression: ast.Binary) -> Expression:
    left, left_type = value(scope, expression.left)
    right, right_type = value(scope, expression.right)
    for one, type_ in ((expression.left, left_type), (expression.right, right_type)):
        if isinstance(type_, Entry):
            message = "entries are compared field by field"
            scope.refuse(codes.OPERAND, message, one.span)
            return NOTHING[0]
    if join(left_type, right_type) is None:
        message = f"{in_words(left_type)} is never compared with {in_words(right_type)}"
        scope.refuse(codes.OPERAND, message, expression.span)
    for found, type_ in ((left, right_type), (right, left_type)):
        if not isinstance(type_, Bits) or not isinstance(found, Constant):
            continue
        if not 0 <= found.value < 2**type_.width:
            message = f"{found.value} is never equal to {in_words(type_)}"
            scope.refuse(codes.FITS, message, expression.span)
    return Operation(expression.operator, (left, right), expression.span)


# ---------------------------------------------------------------- calls


def primitive_of(scope: Scope, call: ast.Call) -> Primitive | None:
    """What is called, with the right number of arguments; else an error is reported."""
    found = PRIMITIVES.get(call.name)
    if found is None:
        from smtmodel.language.misuse import refuse_call

        refuse_call(scope, call)
        scope.lost = True
        return None
    least, most = arity(found)
    if not least <= len(call.arguments) <= most:
        wanted = str(least) if least == most else f"{least} or {most}"
        many = "argument" if wanted == "1" else "arguments"
        message = f"`{call.name}` takes {wanted} {many}, not {len(call.arguments)}"
        suggestion = _NEEDED.get(type(found), "") if len(call.arguments) < least else ""
        scope.refuse(codes.ARITY, message, call.span, suggestion)
        scope.lost = True
        return None
    return found


def _call(scope: Scope, call: ast.Call) -> Typed:
    found = primitive_of(scope, call)
    if found is None:
        return NOTHING
    if isinstance(found, Testing):
        return _filled(scope, call.arguments[0])
    if isinstance(found, Settling):
        message = "`settled` stands only as the whole right side of an assignment to a local"
        scope.refuse(codes.OUT_OF_PLACE, message, call.span)
        return NOTHING
    if scope.stand is not Stand.STEP:
        message = f"`{call.name}` is a step; a property only looks at values"
        suggestion = "write the plain name" if isinstance(found, Reading) else ""
        scope.refuse(codes.NOT_SNAPSHOT, message, call.span, suggestion)
        return NOTHING
    match found:
        case Reading():
            return _reading(scope, call, found)
        case Awaiting():
            from smtmodel.language.waits import awaited

            return awaited(scope, call, found)
        case Modifying(value=True):
            from smtmodel.language.modify import modify

            return modify(scope, call, found)
        case Trying():
            message = "a trylock stands only as the whole condition of an `if`"
            scope.refuse(codes.TRYLOCK, message, call.span)
            scope.lost = True
        case _:
            message = f"`{call.name}` has no value"
            suggestion = ""
            if isinstance(found, Freeing):
                suggestion = "after two grace periods: wait for one, then free after the other"
            scope.refuse(codes.OUT_OF_PLACE, message, call.span, suggestion)
    return NOTHING


def _filled(scope: Scope, argument: ast.Expression) -> Typed:
    found, type_ = value(scope, argument)
    # A word always has a value: asking whether it is filled is a mistake.
    if isinstance(type_, Entry) and shape_of(scope, argument) is not Shape.WORD:
        return Filled(found), Plain.NUMBER
    if type_ is not Plain.UNKNOWN:
        message = "`filled` takes a cache, or a local that holds an entry"
        scope.refuse(codes.OPERAND, message, argument.span)
    return NOTHING


def bit_number(scope: Scope, given: ast.Expression, held: Type) -> int:
    """The number of a bit of a place that holds bits."""
    width = held.width if isinstance(held, Bits) else 0
    if isinstance(given, ast.Number) and 0 <= given.value < width:
        return given.value
    message = f"a bit here has a number from 0 to {width - 1}, as a literal"
    suggestion = "of a variable number write `atomic_or(1 << n, &x)`, or `x >> n & 1`"
    if isinstance(held, Bits):
        scope.refuse(codes.LITERAL, message, given.span, suggestion)
    return 0


def bit_of(value: Expression, number: int, span: Span) -> Expression:
    """A bit of a number."""
    return Operation("&", (Operation(">>", (value, Constant(number)), span), Constant(1)), span)


def _reading(scope: Scope, call: ast.Call, meaning: Reading) -> Typed:
    argument = call.arguments[-1]
    if not isinstance(argument, ast.Name | ast.Field | ast.Index):
        message = f"`{call.name}` reads a location, and this is none"
        scope.refuse(codes.NOT_SHARED, message, argument.span)
        return NOTHING
    found, type_ = access(scope, argument, meaning.mark)
    if meaning.pointer:
        _wants_pointer(scope, call, argument.span, type_)
    if meaning.bit:
        if not isinstance(type_, Bits) and type_ is not Plain.UNKNOWN:
            message = f"`{call.name}` works on bits, and this is {in_words(type_)}"
            suggestion = "declare its place with `: bits N`"
            scope.refuse(codes.OPERAND, message, argument.span, suggestion)
        number = bit_number(scope, call.arguments[0], type_)
        return bit_of(found, number, call.span), Plain.NUMBER
    if isinstance(found, Load):
        return Load(found.place, found.mark, call.span), type_
    return found, type_


def _wants_pointer(scope: Scope, call: ast.Call, span: Span, type_: Type) -> None:
    if type_ is not Plain.UNKNOWN and not isinstance(type_, Pointer):
        message = f"`{call.name}` is for pointers, and this is {in_words(type_)}"
        scope.refuse(codes.OPERAND, message, span)
