"""Frozen records as JSON values, read back, and described: all of it follows from annotations.

A record is an object with a member for each field, a tuple an array, an enumeration its value.
Where an annotation leaves a choice between records, each says in `kind` which of them it is. What
a type alone does not say stands in `Annotated`: a pair is an argument of `msgspec.Meta`, a
`Literal` lists the texts, an enumeration says that the text is one of its names in lower case.

Values are those of `json.loads`. Only reading and describing need the library. No record may
hold records of its own kind.
"""

import re
from collections.abc import Mapping
from enum import Enum, EnumType
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

KIND = "kind"
PREFIX = "Saved"
"""Begins the names of records that are there to be saved; in what is saved it is left out."""
LONGEST = 240
"""Characters of a sentence about what is wrong."""


def kind_of(kind: type) -> str:
    """What records of a class are called, from its name: a `TextSpan` is a `text_span`."""
    return re.sub(r"\B(?=[A-Z])", "_", kind.__name__.removeprefix(PREFIX)).lower()


def encode(item: object) -> Value:
    """A record as a value."""
    root: Any = type(item)
    chosen = _records(root)

    def value(one: Any) -> Value:
        names = getattr(type(one), "__record__", None)
        if names is not None:
            kind = {KIND: kind_of(type(one))} if chosen[type(one)] else {}
            return kind | {name: value(getattr(one, name)) for name in names}
        if isinstance(one, tuple):
            return [value(part) for part in one]
        if isinstance(one, dict):
            return {name: value(part) for name, part in one.items()}
        return one.value if isinstance(one, Enum) else one  # type: ignore[no-any-return]

    return value(item)


def decode(given: Value, root: type[T]) -> T | str:
    """The record of a value, or the first thing that is wrong: `outcomes[0].model: ...`."""
    from msgspec import ValidationError, convert

    kind: Any = root
    structs = _structs(kind)
    try:
        made = convert(given, structs[kind])
    except ValidationError as error:
        return _sentence(str(error))
    except UnicodeEncodeError:
        return "a text in it holds half of a character"
    found: T = _restored(made, {struct: kind for kind, struct in structs.items()})
    return found


def schema(root: type, title: str) -> Value:
    """The JSON Schema of what `encode` makes of a record; its parts are described by their
    docstrings."""
    from msgspec import json

    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": title, **json.schema(_structs(root)[root])}


def _sentence(error: str) -> str:
    what, at, place = error.rpartition(" - at `$")
    wrong = f"{error[:1].lower()}{error[1:]}"
    if at:
        wrong = f"{place.strip('.`')}: {what[:1].lower()}{what[1:]}"
    return wrong if len(wrong) <= LONGEST else f"{wrong[:LONGEST]}..."


def _restored(item: Any, kinds: Mapping[type, type]) -> Any:
    """A record for each struct of the library."""
    kind: Any = kinds.get(type(item))
    if kind is not None:
        return kind(*(_restored(getattr(item, name), kinds) for name in kind.__record__))
    if isinstance(item, tuple):
        return tuple(_restored(one, kinds) for one in item)
    return item


# ---------------------------------------------------------------- annotations


@cache
def _records(root: type) -> dict[type, bool]:
    """Every record under a root, those inside it first: whether it stands in a choice."""
    known: dict[type, bool] = {}

    def look(hint: Any) -> None:
        if _is_record(hint) and hint not in known:
            for inner in _fields(hint).values():
                look(inner)
            known[hint] = False
        inside = get_args(hint)
        for inner in inside:
            look(inner)
        among = [one for one in inside if _is_record(one)]
        if get_origin(hint) in (Union, UnionType) and len(among) > 1:
            known.update(dict.fromkeys(among, True))

    look(root)
    return known


@cache
def _structs(root: type) -> dict[type, Any]:
    """For each record under a root the struct that the library reads and describes."""
    from msgspec import defstruct

    made: dict[type, Any] = {}
    for kind, chosen in _records(root).items():
        fields = [(name, _typed(hint, made)) for name, hint in _fields(kind).items()]
        made[kind] = defstruct(
            kind.__name__.removeprefix(PREFIX),
            fields,
            namespace={"__doc__": kind.__doc__},
            tag_field=KIND if chosen else None,
            tag=kind_of(kind) if chosen else None,
            forbid_unknown_fields=True,
        )
    return made


def _typed(hint: Any, structs: Mapping[type, Any]) -> Any:
    """An annotation as the library reads it."""
    if _is_record(hint):
        return structs[hint]
    origin, inside = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _limited(*inside)
    if origin is None or origin is Literal:
        return hint
    typed = tuple(_typed(one, structs) for one in inside)
    return Union[typed] if origin is UnionType else origin[typed]  # noqa: UP007


def _limited(base: Any, *limits: Any) -> Any:
    """A type with its limits."""
    from msgspec import Meta

    for limit in limits:
        if get_origin(limit) is Literal:
            return limit
        if isinstance(limit, EnumType):
            return Literal[tuple(one.lower() for one in limit.__members__)]
    return Annotated[base, Meta(**dict(limits))]


def _fields(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _is_record(hint: Any) -> bool:
    return hasattr(hint, "__record__")
