"""What is wrong with a call of a definition, told where the call stands.

Takes calls that were left where they are, and errors inside those that were replaced by their
steps (`smtmodel.language.inline`); gives diagnostics that speak of the call. Loaded only where
something is wrong.
"""

from smtmodel.language import ast, codes
from smtmodel.language.absent import instead
from smtmodel.language.calls import yields
from smtmodel.language.expressions import value
from smtmodel.language.places import place
from smtmodel.language.prelude import prelude
from smtmodel.language.primitives import PRIMITIVES
from smtmodel.language.scope import Scope, Stand
from smtmodel.language.suggest import suggest_call
from smtmodel.language.types import Plain, in_words, is_number
from smtmodel.source import Diagnostic, Span
from smtmodel.source.record import parts, replace

_WORDS = ("if", "while", "retry", "assert", "unreachable", "assume", "atomic")


def refuse_call(scope: Scope, call: ast.Call) -> None:
    """Report a call of what is no primitive and was not replaced by its steps."""
    own = scope.symbols.definitions
    known = {**prelude(), **own}
    definition = known.get(call.name)
    if definition is None:
        message = f"unknown primitive `{call.name}`"
        callable_ = [*PRIMITIVES, *known, *_WORDS]
        suggestion = instead(call.name) or suggest_call(call.name, callable_)
        scope.refuse(codes.UNKNOWN_CALL, message, call.name_span, suggestion)
    elif scope.stand is not Stand.STEP:
        message = f"`{call.name}` is several steps; a property only looks at values"
        scope.refuse(codes.NOT_SNAPSHOT, message, call.span)
    elif len(call.arguments) != len(definition.parameters):
        wanted = len(definition.parameters)
        many = "argument" if wanted == 1 else "arguments"
        message = f"`{call.name}` takes {wanted} {many}, not {len(call.arguments)}"
        scope.refuse(codes.ARITY, message, call.span)
    elif not _refuse_arguments(scope, call, definition, pointed=call.name not in own):
        _refuse_stand(scope, call, definition)


def _refuse_arguments(
    scope: Scope, call: ast.Call, definition: ast.Definition, *, pointed: bool
) -> bool:
    """Whether an argument was refused: one that must be a location and is none, or one that is
    `pointed` to where a value is needed."""
    before = len(scope.wrong)
    pairs = zip(definition.parameters, call.arguments, strict=True)
    for number, (parameter, argument) in enumerate(pairs):
        if not parameter.location:
            if number in call.pointed and not pointed:
                message = f"`{parameter.name}` of `{call.name}` is a value, and this is a place"
                hint = f"leave out the `&`, or define it with `&{parameter.name}`"
                scope.refuse(codes.OUT_OF_PLACE, message, argument.span, hint)
        elif isinstance(argument, ast.Name):
            place(scope, argument)
        elif not isinstance(argument, ast.Field | ast.Index):
            message = f"`{call.name}` works on a location, and this is none"
            scope.refuse(codes.NOT_SHARED, message, argument.span)
    return len(scope.wrong) > before


def _refuse_stand(scope: Scope, call: ast.Call, definition: ast.Definition) -> None:
    if not yields(definition.steps):
        message, suggestion = f"`{call.name}` has no value", "write it as a step of its own"
    else:
        message = f"`{call.name}` is several steps, and here only a value can stand"
        suggestion = f"write `x = {call.name}(…)` before this step"
    scope.refuse(codes.OUT_OF_PLACE, message, call.span, suggestion)


def retold(
    wrong: tuple[Diagnostic, ...],
    calls: tuple[tuple[ast.Call, ast.Definition], ...],
    scope: Scope,
) -> list[Diagnostic]:
    """The errors of a block, those inside replaced calls told of their arguments."""
    sites = {call.span: (call, definition) for call, definition in calls}
    arguments = {
        argument.span: (call, definition)
        for call, definition in calls
        for argument in call.arguments
    }
    found: list[Diagnostic] = []
    for one in wrong:
        if one.span in sites and one.code in (codes.OPERAND, codes.MISMATCH):
            found += _blamed(one, *sites[one.span], scope)
        elif one.span not in arguments:
            found.append(one)
        elif (one.code, one.span) not in [(other.code, other.span) for other in found]:
            found.append(_renamed(one, *arguments[one.span]))
    return found


def _renamed(one: Diagnostic, call: ast.Call, definition: ast.Definition) -> Diagnostic:
    """The error of an argument, with the name of the call for those of what it calls."""
    message = one.message
    for part in parts(definition.steps):
        if isinstance(part, ast.Call):
            message = message.replace(f"`{part.name}`", f"`{call.name}`")
    return replace(one, message=message)


def _blamed(
    one: Diagnostic, call: ast.Call, definition: ast.Definition, scope: Scope
) -> list[Diagnostic]:
    """The arguments that are no numbers, or the error itself if all are."""
    found: list[Diagnostic] = []
    for parameter, argument in zip(definition.parameters, call.arguments, strict=True):
        held = place(scope, argument) if parameter.location else value(scope, argument)
        type_ = Plain.UNKNOWN if held is None else held[1]
        if type_ is not Plain.UNKNOWN and not is_number(type_):
            message = f"`{call.name}` works on numbers, and this is {in_words(type_)}"
            found.append(Diagnostic(codes.OPERAND, message, argument.span))
    return found or [_at(one, call.name, call.span)]


def _at(one: Diagnostic, name: str, span: Span) -> Diagnostic:
    return Diagnostic(one.code, f"`{name}` cannot work here: {one.message}", span)
