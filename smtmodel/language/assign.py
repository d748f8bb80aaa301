"""Assignments, to locals and to shared places, and the calls that write a value to a place.

`x += e` reads, then writes: the two are events of their own, at one address. A record, `fresh`,
`choose`, `copy`, `alloc`, a cookie or `settled(E)` are no parts of expressions: each is a whole
right side, or the value of a call that writes.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    RCU,
    Allocate,
    Choose,
    Copy,
    Enter,
    Expression,
    Fresh,
    Local,
    Mark,
    Operation,
    SetLocal,
    Settled,
    Step,
    Store,
    Where,
)
from smtmodel.language.expressions import (
    is_complement,
    number,
    primitive_of,
    turned_over,
    value,
)
from smtmodel.language.guards import domain_of
from smtmodel.language.places import NOTHING, Typed, marked, place
from smtmodel.language.primitives import AWAITED, PRIMITIVES, Entering, Settling, Writing
from smtmodel.language.records import fitted, record_value
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.symbols import LANE, unknown_constant, unknown_struct
from smtmodel.language.types import Bits, Cookie, Entry, Plain, Pointer, Type, in_words, join
from smtmodel.source import Span
from smtmodel.source.record import record

MOST_CHOICES = 256
"""How many values a `choose` may offer; each is a case of its own in every proof."""


_WHOLE = ast.Fresh | ast.Choose | ast.Copy | ast.Alloc | ast.Record
"""What is no part of an expression."""


@record
class _Cookie:
    """The right side is `srcu_read_lock(domain)`."""

    domain: str


def assign(scope: Scope, step: ast.Assign, where: Where) -> Step | None:
    """The checked step, or None if an error was reported."""
    target = step.target
    if isinstance(target, ast.Name) and target.name not in scope.symbols.places:
        return _assign_local(scope, step, target, where)
    if isinstance(target, ast.Name) and target.name not in scope.symbols.variables:
        what = scope.symbols.what(target.name)
        if what:
            message = f"`{target.name}` is {what} and cannot be assigned"
            scope.refuse(codes.WRONG_KIND, message, target.span)
        return None
    return _assign_shared(scope, step, where)


def _operator(step: ast.Assign) -> str:
    """`+` or `-` for the forms that read first, else nothing."""
    return "" if step.operator == "=" else step.operator[0]


# ---------------------------------------------------------------- locals


def _assign_local(scope: Scope, step: ast.Assign, target: ast.Name, where: Where) -> Step | None:
    name = target.name
    refuse_taken(scope, target)
    if name in scope.elements:
        message = f"`{name}` is the number of an element and cannot be assigned"
        scope.refuse(codes.WRONG_KIND, message, target.span, "use another local")
    if _operator(step):
        operand = number(scope, step.value)
        made: Expression = Operation(_operator(step), (Local(name), operand), step.span)
        settle_type(scope, target, Plain.NUMBER)
        return SetLocal(where, name, made)
    right = _right(scope, step.value, None)
    if isinstance(right, _Cookie):
        settle_type(scope, target, Cookie(right.domain))
        return Enter(where, right.domain, name)
    settle_type(scope, target, right[1])
    return SetLocal(where, name, right[0])


def refuse_taken(scope: Scope, target: ast.Name) -> None:
    """Report a local that has a name of something else."""
    if not fits_local(scope, target.name):
        message = f"a local cannot have the name `{target.name}`"
        scope.refuse(codes.SHADOWS, message, target.span)


def fits_local(scope: Scope, name: str) -> bool:
    """Whether a local may have this name, as far as it is not that of shared state."""
    taken = name in scope.symbols.structs or name in scope.symbols.kinds.names()
    return not taken and name not in PRIMITIVES and name not in ("null", LANE, AWAITED)


def settle_type(scope: Scope, target: ast.Name, type_: Type) -> None:
    """A local is assigned a value of this type; an error where it also holds another."""
    before = scope.found.get(target.name, Plain.UNKNOWN)
    if scope.assign(target.name, type_) is None:
        message = f"`{target.name}` holds {in_words(before)}; this is {in_words(type_)}"
        scope.refuse(codes.MISMATCH, message, target.span, "use another local")


# ---------------------------------------------------------------- shared places


def _assign_shared(scope: Scope, step: ast.Assign, where: Where) -> Step | None:
    if not _operator(step):
        return write(scope, (step.target, step.value), Writing(Mark.PLAIN), where)
    made = (number(scope, step.value), Plain.NUMBER)
    found = place(scope, step.target)
    if found is None:
        return None
    where_to, held = found
    mark = marked(scope, where_to, Mark.PLAIN, step.target.span)
    if not _joins(scope, made, held, step.value.span):
        return None
    width = held.width if isinstance(held, Bits) else None
    return Store(where, where_to, mark, made[0], _operator(step), width)


def write(
    scope: Scope,
    given: tuple[ast.Expression, ...],
    meaning: Writing,
    where: Where,
    *,
    called: str = "",
) -> Step | None:
    """The write of a value, the second of `given`, to the place that is the first.

    A call evaluates its arguments from left to right. What no expression has for a part is known
    before its place is looked for, as if a local had been assigned first.
    """
    target, stored = given
    right = _stored(scope, target, stored)
    if isinstance(right, _Cookie):
        scope.refuse(codes.COOKIE, "a cookie is kept in a local", target.span)
        return None
    found = place(scope, target)
    if found is None:
        return None
    where_to, held = found
    if meaning.pointer and not isinstance(held, Pointer) and held is not Plain.UNKNOWN:
        message = f"`{called}` is for pointers, and this holds {in_words(held)}"
        scope.refuse(codes.OPERAND, message, target.span)
        return None
    mark = marked(scope, where_to, meaning.mark, target.span)
    if isinstance(right[0], Settled) and mark is not Mark.GHOST:
        message = "a ghost value cannot be stored where the protocol reads it"
        scope.refuse(codes.GHOST, message, stored.span, "assign it to a local")
    if not _joins(scope, right, held, stored.span):
        return None
    kept = fitted(scope, right, held, stored.span)
    place_first = bool(called) and not isinstance(stored, _WHOLE)
    return Store(where, where_to, mark, kept, place_first=place_first)


def _stored(scope: Scope, target: ast.Expression, value: ast.Expression) -> Typed | _Cookie:
    """What is written to a place; `~x` where that has a width."""
    if is_complement(value):
        found = place(scope.inside(Stand.STEP), target)
        if found is not None and isinstance(found[1], Bits):
            return turned_over(scope, value)
    return _right(scope, value, scope.symbols.entry(target))


def _joins(scope: Scope, given: Typed, held: Type, span: Span) -> bool:
    """Whether the place can hold the value; else an error is reported."""
    if join(held, given[1]) is not None:
        return True
    message = f"this is {in_words(given[1])}, where {in_words(held)} is needed"
    scope.refuse(codes.MISMATCH, message, span)
    return False


# ---------------------------------------------------------------- right sides


def _right(scope: Scope, expression: ast.Expression, wanted: Entry | None) -> Typed | _Cookie:
    match expression:
        case ast.Fresh():
            return Fresh(), Plain.NUMBER
        case ast.Choose():
            return _choose(scope, expression)
        case ast.Copy(pointer):
            return _copy(scope, expression, pointer)
        case ast.Alloc(struct):
            if struct not in scope.symbols.structs:
                scope.wrong.append(unknown_struct(scope.symbols, struct, expression.struct_span))
                return NOTHING
            return Allocate(struct), Pointer(struct)
        case ast.Record():
            return record_value(scope, expression, wanted)
        case ast.Call() if isinstance(PRIMITIVES.get(expression.name), Entering):
            return _cookie(scope, expression)
        case ast.Call() if isinstance(PRIMITIVES.get(expression.name), Settling):
            if primitive_of(scope, expression) is None:
                return NOTHING
            inner, type_ = value(scope.inside(Stand.SETTLED), expression.arguments[0])
            if isinstance(type_, Entry):
                message = "`settled` is of a number or a pointer, not of a whole entry"
                suggestion = "name the field: `settled(e.field)`"
                scope.refuse(codes.OUT_OF_PLACE, message, expression.span, suggestion)
                return NOTHING
            return Settled(inner), type_
        case _:
            return value(scope, expression)


def _choose(scope: Scope, expression: ast.Choose) -> Typed:
    ends: list[int] = []
    for end in (expression.low, expression.high):
        if isinstance(end, ast.Name):
            scope.wrong.append(unknown_constant(scope.symbols, end))
        else:
            ends.append(end.value)
    if len(ends) < 2:
        return NOTHING
    low, high = ends
    if low > high:
        message = f"there is no value from {low} to {high}"
        scope.refuse(codes.CHOICE, message, expression.span)
    elif high - low >= MOST_CHOICES:
        message = f"a choice offers at most {MOST_CHOICES} values"
        scope.refuse(codes.CHOICE, message, expression.span)
        high = low
    return Choose(low, high), Plain.NUMBER


def _cookie(scope: Scope, call: ast.Call) -> Typed | _Cookie:
    found = primitive_of(scope, call)
    if not isinstance(found, Entering):
        return NOTHING
    if not found.srcu:
        message = f"`{call.name}` returns nothing"
        scope.refuse(codes.OUT_OF_PLACE, message, call.span)
        return _Cookie(RCU)
    domain = domain_of(scope, call)
    return _Cookie(domain) if domain else NOTHING


def _copy(scope: Scope, expression: ast.Copy, pointer: ast.Expression) -> Typed:
    made, type_ = value(scope, pointer)
    if isinstance(type_, Pointer):
        return Copy(made, type_.struct, expression.span), type_
    if type_ is not Plain.UNKNOWN:
        message = f"`copy` takes a pointer, and this is {in_words(type_)}"
        scope.refuse(codes.OPERAND, message, pointer.span)
    return NOTHING
