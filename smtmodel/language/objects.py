"""Objects that are freed, and objects that are overwritten.

`copy p into q` is nothing but reads and writes: for each field in the order of the struct one
read and one write, all of the one step of the text. Ghost fields stay what they were.
"""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    RCU,
    Free,
    Load,
    Local,
    Mark,
    Step,
    Store,
    Through,
    Where,
)
from smtmodel.language.expressions import value
from smtmodel.language.guards import domain_of
from smtmodel.language.places import is_local
from smtmodel.language.primitives import Freeing
from smtmodel.language.scope import Scope
from smtmodel.language.types import Plain, Pointer, in_words


def freed(scope: Scope, call: ast.Call, meaning: Freeing, where: Where) -> Step | None:
    """The step that frees an object, at once or after a grace period."""
    domain: str | None = None
    if meaning.deferred:
        domain = domain_of(scope, call) if meaning.srcu else RCU
    given = call.arguments[-1]
    pointer, type_ = value(scope, given)
    if type_ is Plain.UNKNOWN or (meaning.srcu and domain is None):
        return None
    if not isinstance(type_, Pointer):
        message = f"`{call.name}` takes a pointer to an object, and this is {in_words(type_)}"
        scope.refuse(codes.OPERAND, message, given.span)
        return None
    return Free(where, pointer, type_.struct, domain, meaning.null_safe)


def overwrite(scope: Scope, step: ast.Overwrite, where: Where) -> tuple[Step, ...]:
    """The stores of `copy source into target`; none if an error was reported."""
    source, target = _held(scope, step.source), _held(scope, step.target)
    if source is None or target is None:
        return ()
    struct = scope.symbols.structs[source[1]]
    fields = [name for name in struct.fields if name not in struct.ghosts]
    message = ""
    if source[1] != target[1]:
        message = f"`copy` needs pointers to one struct, not to `{source[1]}` and `{target[1]}`"
    elif source[0] == target[0]:
        message = "this copies an object into itself"
    elif not fields:
        message = f"`{struct.name}` has nothing to copy: all its fields are ghosts"
    if message:
        scope.refuse(codes.OVERWRITE, message, step.span)
        return ()
    return tuple(
        Store(
            where,
            Through(Local(target[0]), struct.name, name),
            Mark.PLAIN,
            Load(Through(Local(source[0]), struct.name, name), Mark.PLAIN, step.source.span),
        )
        for name in fields
    )


def _held(scope: Scope, given: ast.Expression) -> tuple[str, str] | None:
    """The local and the struct that it points to, or None if an error was reported."""
    if not isinstance(given, ast.Name) or not is_local(scope, given.name):
        shown = value(scope, given)[1]
        if shown is not Plain.UNKNOWN:
            message = "`copy … into …` takes two locals that hold pointers"
            suggestion = "read the pointer into a local first"
            scope.refuse(codes.OVERWRITE, message, given.span, suggestion)
        return None
    type_ = scope.known[given.name]
    if isinstance(type_, Pointer):
        return given.name, type_.struct
    if type_ is not Plain.UNKNOWN:
        message = f"`{given.name}` is {in_words(type_)}, no pointer to an object"
        scope.refuse(codes.OVERWRITE, message, given.span)
    return None
