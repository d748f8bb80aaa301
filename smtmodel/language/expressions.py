"""The values of expressions, with the reads that they make in order.

Takes expressions of the text; gives checked expressions and their types. In a property every
load is plain: a snapshot has no marks, and nothing in it may have an effect.
"""

from smtmodel.language import ast
from smtmodel.language.checked import (
    Both,
    Constant,
    Expression,
    Filled,
    Load,
    Mark,
    NullPointer,
    OneOf,
    Operation,
    ReadModifyWrite,
    Rmw,
)
from smtmodel.language.codes import kinds, names, properties, sections
from smtmodel.language.places import NOTHING, Typed, access, place
from smtmodel.language.primitives import (
    PRIMITIVES,
    Modifying,
    Primitive,
    Reading,
    Settling,
    Testing,
    Trying,
    arity,
)
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Entry, Plain, Pointer, Type, in_words, join
from smtmodel.source import Span

_EQUALITY = ("==", "!=")
_ORDER = ("<", "<=", ">", ">=")


def value(scope: Scope, expression: ast.Expression) -> Typed:
    """The value of an expression, entries included."""
    match expression:
        case ast.Number(literal):
            return Constant(literal), Plain.NUMBER
        case ast.Null():
            return NullPointer(), Plain.NULL
        case ast.Name() | ast.Field() | ast.Index():
            return access(scope, expression, Mark.PLAIN)
        case ast.Call():
            return _call(scope, expression)
        case ast.Unary("!", operand):
            return Operation("!", (condition(scope, operand),), expression.span), Plain.NUMBER
        case ast.Unary(_, operand):
            negated = number(scope, operand)
            return Operation("negate", (negated,), expression.span), Plain.NUMBER
        case ast.Binary():
            return _binary(scope, expression), Plain.NUMBER
        case _:
            message = "this stands only as the whole right side of an assignment"
            scope.refuse(kinds.OUT_OF_PLACE, message, expression.span)
            return NOTHING


def number(scope: Scope, expression: ast.Expression) -> Expression:
    """The value of an expression that must be a number."""
    found, type_ = value(scope, expression)
    if type_ not in (Plain.NUMBER, Plain.UNKNOWN):
        message = f"this is {in_words(type_)}, not a number"
        scope.refuse(kinds.OPERAND, message, expression.span)
    return found


def condition(scope: Scope, expression: ast.Expression) -> Expression:
    """The value of an expression that counts as true or false: a number or a pointer."""
    found, type_ = value(scope, expression)
    if isinstance(type_, Entry):
        message = f"this is {in_words(type_)}, neither true nor false"
        suggestion = "did you mean `filled(…)`?"
        scope.refuse(kinds.OPERAND, message, expression.span, suggestion)
    return found


def _binary(scope: Scope, expression: ast.Binary) -> Expression:
    operator, left, right = expression.operator, expression.left, expression.right
    if operator == "&&":
        return Both(condition(scope, left), condition(scope, right))
    if operator == "||":
        return OneOf(condition(scope, left), condition(scope, right))
    if operator in _EQUALITY:
        return _equality(scope, expression)
    first = number(scope, left)
    second = number(scope, right)
    if operator in ("/", "%") and not (isinstance(second, Constant) and second.value > 0):
        message = f"the right side of `{operator}` must be a positive number"
        scope.refuse(kinds.DIVISOR, message, right.span)
    return Operation(operator, (first, second), expression.span)


def _equality(scope: Scope, expression: ast.Binary) -> Expression:
    left, left_type = value(scope, expression.left)
    right, right_type = value(scope, expression.right)
    for one, type_ in ((expression.left, left_type), (expression.right, right_type)):
        if isinstance(type_, Entry):
            message = "entries are compared field by field"
            scope.refuse(kinds.OPERAND, message, one.span)
            return NOTHING[0]
    if join(left_type, right_type) is None:
        message = f"{in_words(left_type)} is never compared with {in_words(right_type)}"
        scope.refuse(kinds.OPERAND, message, expression.span)
    return Operation(expression.operator, (left, right), expression.span)


# ---------------------------------------------------------------- calls


def primitive_of(scope: Scope, call: ast.Call) -> Primitive | None:
    """What is called, with the right number of arguments; else an error is reported."""
    found = PRIMITIVES.get(call.name)
    if found is None:
        message = f"unknown primitive `{call.name}`"
        known = [*PRIMITIVES, "if", "while", "retry", "assert", "assume", "atomic"]
        scope.refuse(names.UNKNOWN_CALL, message, call.name_span, suggest(call.name, known))
        scope.lost = True
        return None
    least, most = arity(found)
    if not least <= len(call.arguments) <= most:
        wanted = str(least) if least == most else f"{least} or {most}"
        many = "argument" if wanted == "1" else "arguments"
        message = f"`{call.name}` takes {wanted} {many}, not {len(call.arguments)}"
        scope.refuse(kinds.ARITY, message, call.span)
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
        scope.refuse(kinds.OUT_OF_PLACE, message, call.span)
        return NOTHING
    if scope.stand is not Stand.STEP:
        message = f"`{call.name}` is a step; a property only looks at values"
        suggestion = "write the plain name" if isinstance(found, Reading) else ""
        scope.refuse(properties.NOT_SNAPSHOT, message, call.span, suggestion)
        return NOTHING
    match found:
        case Reading():
            return _reading(scope, call, found)
        case Modifying(value=True):
            return modify(scope, call, found)
        case Trying():
            message = "a trylock stands only as the whole condition of an `if`"
            scope.refuse(sections.TRYLOCK, message, call.span)
        case _:
            message = f"`{call.name}` has no value"
            scope.refuse(kinds.OUT_OF_PLACE, message, call.span)
    return NOTHING


def _filled(scope: Scope, argument: ast.Expression) -> Typed:
    found, type_ = value(scope, argument)
    if isinstance(type_, Entry) and not _is_word(scope, argument):
        return Filled(found), Plain.NUMBER
    if type_ is not Plain.UNKNOWN:
        message = "`filled` takes a cache, or a local that holds an entry"
        scope.refuse(kinds.OPERAND, message, argument.span)
    return NOTHING


def _is_word(scope: Scope, argument: ast.Expression) -> bool:
    """A word always has a value: asking whether it is filled is a mistake."""
    if not isinstance(argument, ast.Name):
        return False
    variable = scope.symbols.variables.get(argument.name)
    return variable is not None and variable.owner is None and variable.initial != ()


def _reading(scope: Scope, call: ast.Call, meaning: Reading) -> Typed:
    argument = call.arguments[0]
    if not isinstance(argument, ast.Name | ast.Field | ast.Index):
        message = f"`{call.name}` reads a location, and this is none"
        scope.refuse(kinds.NOT_SHARED, message, argument.span)
        return NOTHING
    found, type_ = access(scope, argument, meaning.mark)
    if meaning.pointer:
        _wants_pointer(scope, call, argument.span, type_)
    if isinstance(found, Load):
        return Load(found.place, found.mark, call.span), type_
    return found, type_


def _wants_pointer(scope: Scope, call: ast.Call, span: Span, type_: Type) -> None:
    if type_ is not Plain.UNKNOWN and not isinstance(type_, Pointer):
        message = f"`{call.name}` is for pointers, and this is {in_words(type_)}"
        scope.refuse(kinds.OPERAND, message, span)


def modify(scope: Scope, call: ast.Call, meaning: Modifying) -> Typed:
    """A read-modify-write; what it yields is used or not."""
    target = call.arguments[meaning.place]
    given = [one for one in call.arguments if one is not target]
    operands: list[Expression] = []
    types: list[Type] = []
    for one in given:
        found, type_ = value(scope, one)
        operands.append(found)
        types.append(type_)
    location = place(scope, target)
    if location is None:
        return NOTHING
    where, held = location
    if isinstance(held, Entry):
        message = f"`{call.name}` works on a number or pointer, not on {in_words(held)}"
        scope.refuse(kinds.OPERAND, message, target.span)
        return NOTHING
    for one, type_ in zip(given, types, strict=True):
        wanted = Plain.NUMBER if meaning.operation is Rmw.ADD else held
        if join(wanted, type_) is None:
            message = f"this is {in_words(type_)}, where {in_words(wanted)} is needed"
            scope.refuse(kinds.MISMATCH, message, one.span)
    if meaning.operation is Rmw.ADD:
        if join(Plain.NUMBER, held) is None:
            message = f"`{call.name}` works on a number, and this is {in_words(held)}"
            scope.refuse(kinds.OPERAND, message, target.span)
        if not operands:
            operands = [Constant(meaning.amount)]
        elif meaning.sign < 0:
            operands = [_negated(operands[0], call.span)]
    made = ReadModifyWrite(
        meaning.operation, where, tuple(operands), meaning.returns_new, meaning.mark, call.span
    )
    return made, held


def _negated(operand: Expression, span: Span) -> Expression:
    if isinstance(operand, Constant):
        return Constant(-operand.value)
    return Operation("negate", (operand,), span)
