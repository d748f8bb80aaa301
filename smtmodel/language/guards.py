"""The locks, domains, queues, cookies and caches that calls name."""

from smtmodel.language import ast, codes
from smtmodel.language.checked import Element, Expression, Shape
from smtmodel.language.places import place, shape_of
from smtmodel.language.scope import Scope
from smtmodel.language.suggest import suggest
from smtmodel.language.types import Cookie, Plain, in_words


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
