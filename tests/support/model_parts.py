"""A memory model with one part less: a term of a union, or a step that may be taken or not.

A part is named by the definition and the way to it: fields of terms and places in unions. At its
end `?` is an optional step that is never taken, `!` one that always is, `*` one that is never
repeated. `axiom NAME` is a whole axiom.
"""

from collections.abc import Iterator
from typing import Any

from smtmodel.models import Model
from smtmodel.models.terms import (
    AnyIn,
    Events,
    Group,
    Identity,
    Optional,
    Recursion,
    Star,
    Union,
)
from smtmodel.source.record import replace

NOTHING_ELSE = Identity(Events("All"))
"""The step that stays where it is."""


def weaker(model: Model) -> dict[str, Model]:
    """The model without each of its parts, by their names."""
    found: dict[str, Model] = {}
    for place, group in enumerate(model.definitions):
        for name, changed in _groups(group):
            before, behind = model.definitions[:place], model.definitions[place + 1 :]
            found[name] = replace(model, definitions=(*before, changed, *behind))
    for axiom in model.axioms:
        kept = tuple(one for one in model.axioms if one is not axiom)
        found[f"axiom {axiom.name}"] = replace(model, axioms=kept)
    return found


def _groups(group: Group) -> Iterator[tuple[str, Group]]:
    if not isinstance(group, Recursion):
        for way, term in _less(group.term):
            yield f"{group.name} {'.'.join(way)}", replace(group, term=term)
        return
    for place, definition in enumerate(group.definitions):
        for name, changed in _groups(definition):
            before, behind = group.definitions[:place], group.definitions[place + 1 :]
            yield name, replace(group, definitions=(*before, changed, *behind))


def _less(term: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    """A term without one of its parts, and the way to the part."""
    match term:
        case Union(parts) | AnyIn(parts):
            for place in range(len(parts)):
                yield (str(place),), type(term)((*parts[:place], *parts[place + 1 :]))
        case Optional(inner):
            yield ("?",), NOTHING_ELSE
            yield ("!",), inner
        case Star():
            yield ("*",), NOTHING_ELSE
    for name in type(term).__record__:
        value = getattr(term, name)
        if isinstance(value, tuple):
            for place, part in enumerate(value):
                for way, less in _less(part):
                    changed = (*value[:place], less, *value[place + 1 :])
                    yield (str(place), *way), replace(term, **{name: changed})
        elif hasattr(type(value), "__record__"):
            for way, less in _less(value):
                yield (name, *way), replace(term, **{name: less})
