"""Arrays as they are declared: how many elements they have, and what these are at first.

Takes declarations of the text; gives a length or the kind of lanes that it follows, and an initial
value for all elements or one for each.
"""

from smtmodel.language import ast, codes
from smtmodel.language.lanes import Kinds
from smtmodel.source import Diagnostic

LENGTH = 64
"""Elements of the longest array of stated length."""


def length_of(
    kinds: Kinds, given: ast.Number | ast.Name, wrong: list[Diagnostic]
) -> tuple[int, str | None] | None:
    """The length of an array, or 0 and the kind of lanes of which there are as many.

    None where the name means nothing.
    """
    if isinstance(given, ast.Number):
        if 1 <= given.value <= LENGTH:
            return given.value, None
        message = f"an array has from 1 to {LENGTH} elements"
        wrong.append(Diagnostic(codes.ARRAY, message, given.span))
        return 1, None
    interrupted = {kind.name: kind.interrupts for kind in kinds.kinds}
    bounds = {kind.bound: kind.name for kind in kinds.kinds}
    if given.name in interrupted:
        other = interrupted[given.name]
        if other is None:
            return 0, given.name
        message = f"`{given.name}` lanes interrupt `{other}` lanes and have the same numbers"
        meant = other
    elif given.name in bounds:
        message, meant = f"`{given.name}` is a bound and no kind of lanes", bounds[given.name]
    else:
        return None
    wrong.append(Diagnostic(codes.ARRAY, message, given.span, suggestion=f"write `[{meant}]`"))
    return 1, None


def initials_of(
    item: ast.Variable | ast.Cache, length: int, lanes: str | None, wrong: list[Diagnostic]
) -> tuple[ast.Single, ...]:
    """The initial values as they are written: one for all elements, or one for each."""
    initial = item.initial
    assert initial is not None
    if not isinstance(initial, ast.Listed):
        return (initial,)
    message, suggestion = "", "write one initial value without braces for all"
    if item.length is None and item.fields:  # what stands in the braces is then no record
        return initial.values[:1]
    if item.length is None:
        message, suggestion = f"`{item.name}` is no array, and takes one initial value", ""
    elif lanes is not None:
        message = f"`{item.name}` has an element for each lane, however many the bounds say"
    elif len(initial.values) != length:
        number = len(initial.values)
        given = "1 value is" if number == 1 else f"{number} values are"
        message = f"`{item.name}` has {length} elements, and {given} given"
        suggestion = "give each element its own, or write one without braces for all"
    if not message:
        return initial.values
    wrong.append(Diagnostic(codes.INITIAL, message, initial.span, suggestion=suggestion))
    return initial.values[:1]
