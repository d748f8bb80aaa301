"""Steps that come in pairs: what takes a lock, enters a section or switches interrupts off, and its
end."""

from smtmodel.analysis.editing import Spot
from smtmodel.language import ast
from smtmodel.language.primitives import (
    PRIMITIVES,
    Entering,
    Leaving,
    Masking,
    Releasing,
    Taking,
    Unmasking,
)


def _call(step: ast.Step) -> ast.Call | None:
    """The call that a step is, or whose result it assigns."""
    match step:
        case ast.Do(call=call) | ast.Assign(value=ast.Call() as call):
            return call
        case _:
            return None


def _primitive(step: ast.Step) -> object:
    call = _call(step)
    return None if call is None else PRIMITIVES.get(call.name)


def _subject(step: ast.Step) -> tuple[object, ...]:
    """What a step on a lock or section is about: equal for a begin and its end."""
    call, primitive = _call(step), _primitive(step)
    assert call is not None
    match primitive:
        case Entering(srcu=srcu) | Leaving(srcu=srcu):
            return "section", srcu, call.arguments[:1]
        case Taking(kind=kind, shared=shared) | Releasing(kind=kind, shared=shared):
            return "lock", kind, shared, call.arguments
        case Masking() | Unmasking():
            return "interrupts", call.arguments
        case _:
            raise AssertionError(step)


def begun(step: ast.Step) -> tuple[object, ...] | None:
    """The subject of a step that takes a lock, enters a section or switches interrupts off; None
    for others."""
    begins = isinstance(_primitive(step), Entering | Taking | Masking)
    return _subject(step) if begins else None


def is_end(step: ast.Step) -> bool:
    """Whether a step releases a lock, leaves a section or switches interrupts on."""
    return isinstance(_primitive(step), Leaving | Releasing | Unmasking)


def ends_of(later: list[Spot], subject: tuple[object, ...]) -> list[Spot]:
    """The steps that end what a step began: all up to the next that begins the like."""
    found: list[Spot] = []
    for spot in later:
        if begun(spot.step) == subject:
            break
        if is_end(spot.step):
            found += [spot] if _subject(spot.step) == subject else []
    return found
