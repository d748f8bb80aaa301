"""The locks, domains, queues, cookies and caches that calls name."""

from smtmodel.language import ast, codes
from smtmodel.language.checked import (
    Constant,
    Element,
    Expression,
    LaneNumber,
    Local,
    Mark,
    Shape,
)
from smtmodel.language.expressions import number
from smtmodel.language.places import place, shape_of, value_of
from smtmodel.language.scope import Scope
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Cookie, Plain, Pointer, in_words


def lock_of(scope: Scope, call: ast.Call, kind: ast.GuardKind) -> str | None:
    """The lock, domain or queue that the first argument names, if it is of that kind."""
    argument = call.arguments[0]
    guards = scope.symbols.guards
    if isinstance(argument, ast.Name) and guards.get(argument.name) is kind:
        return argument.name
    scope.lost = True
    known = {name for name, one in guards.items() if one is kind}
    suggestion = suggest(argument.name, known) if isinstance(argument, ast.Name) else ""
    if isinstance(argument, ast.Name):
        what = scope.symbols.what(argument.name)
        if not what and argument.name not in scope.known:
            message = f"unknown name `{argument.name}`; `{call.name}` takes {kind.words}"
            scope.refuse(codes.UNKNOWN_NAME, message, argument.span, suggestion)
            return None
        message = f"`{argument.name}` is {what or 'a local'}; `{call.name}` takes {kind.words}"
    else:
        message = f"`{call.name}` takes the name of {kind.words}"
    scope.refuse(codes.WRONG_KIND, message, argument.span, suggestion)
    return None


def lock_at(
    scope: Scope, call: ast.Call, kind: ast.GuardKind
) -> tuple[str, Expression | None] | None:
    """The lock that the first argument names, with its index or the pointer to its object."""
    argument = call.arguments[0]
    match argument:
        case ast.Index(base=ast.Name(name), index=index) if scope.symbols.guards.get(name) is kind:
            at: Expression | None = number(scope, index)
            lock = name if _has(scope, argument, name, at) else ""
        case ast.Field(base=base, name=name):
            at, type_ = value_of(scope, base, Mark.PLAIN)
            lock = f"{type_.struct}.{name}" if isinstance(type_, Pointer) else ""
            if type_ is not Plain.UNKNOWN and scope.symbols.guards.get(lock) is not kind:
                message = f"`{call.name}` takes {kind.words}, and this is none"
                scope.refuse(codes.WRONG_KIND, message, argument.span)
                lock = ""
        case ast.Name(name) if name in scope.symbols.lengths:
            message = f"`{name}` is an array of locks, and `{call.name}` takes one"
            scope.refuse(codes.ARRAY, message, argument.span, f"write `{name}[0]`")
            lock, at = "", None
        case _:
            lock, at = lock_of(scope, call, kind) or "", None
    if not lock:
        scope.lost = True
        return None
    if isinstance(at, Constant | LaneNumber | Local | None):
        return lock, at
    message = "which lock this is must not change before it is released"
    suggestion = "read the index or the pointer into a local first"
    scope.refuse(codes.WRONG_KIND, message, argument.span, suggestion)
    scope.lost = True
    return None


def _has(scope: Scope, argument: ast.Index, name: str, at: Expression | None) -> bool:
    """Whether it is an array of locks that has the element; else an error is reported."""
    if name not in scope.symbols.lengths:
        scope.refuse(codes.ARRAY, "only arrays have elements", argument.base.span)
        return False
    length, lanes = scope.symbols.lengths[name]
    if isinstance(at, Constant) and lanes is None and not 0 <= at.value < length:
        message = f"`{name}` has elements 0 to {length - 1}"
        scope.refuse(codes.INDEX, message, argument.index.span)
        return False
    return True


def cache_of(scope: Scope, call: ast.Call) -> tuple[str, Expression | None] | None:
    """The cache that the first argument names, private or shared, with the index of an element."""
    argument = call.arguments[0]
    variables = scope.symbols.variables
    known = [n for n, one in variables.items() if one.shape in (Shape.CACHE, Shape.SHARED_CACHE)]
    if isinstance(argument, ast.Index) and shape_of(scope, argument) is Shape.SHARED_CACHE:
        found = place(scope, argument)
        if found is None:
            return None
        assert isinstance(found[0], Element)
        return found[0].variable, found[0].index
    if not isinstance(argument, ast.Name):
        scope.refuse(codes.WRONG_KIND, f"`{call.name}` takes the name of a cache", argument.span)
        return None
    if argument.name in known and variables[argument.name].is_array:
        message = f"`{argument.name}` is an array, of which `{call.name}` empties one element"
        suggestion = f"write `each i of {argument.name} {{ {call.name}({argument.name}[i]) }}`"
        scope.refuse(codes.ARRAY, message, argument.span, suggestion)
        return None
    if argument.name in known:
        return argument.name, None
    suggestion = suggest(argument.name, known)
    what = scope.symbols.what(argument.name)
    if not what and argument.name not in scope.known:
        if argument.name not in scope.symbols.places:
            message = f"unknown name `{argument.name}`; `{call.name}` takes a cache"
            scope.refuse(codes.UNKNOWN_NAME, message, argument.span, suggestion)
        return None
    message = f"`{argument.name}` is {what or 'a local'}; `{call.name}` takes a cache"
    scope.refuse(codes.WRONG_KIND, message, argument.span, suggestion)
    return None


def domain_of(scope: Scope, call: ast.Call) -> str | None:
    """The SRCU domain that the first argument names."""
    return lock_of(scope, call, ast.GuardKind.SRCU)


def cookie_of(scope: Scope, argument: ast.Expression, domain: str) -> str | None:
    """The local that holds the cookie of a section of the domain."""
    type_ = scope.known.get(argument.name) if isinstance(argument, ast.Name) else None
    if isinstance(argument, ast.Name) and type_ == Cookie(domain):
        return argument.name
    scope.lost = True
    if isinstance(argument, ast.Name) and type_ is not None:
        if type_ is Plain.UNKNOWN:
            return None
        message = f"`{argument.name}` is {in_words(type_)}, no cookie of `{domain}`"
    else:
        message = "a cookie is a local that `srcu_read_lock` has returned"
    scope.refuse(codes.COOKIE, message, argument.span)
    return None
