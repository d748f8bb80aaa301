"""Whether a JSON value keeps to a schema, as far as the words of `result.schema.json` go.

Takes values as `json.loads` gives them; gives the first thing that is wrong, as a sentence.
Stricter than the standard in one point: 1.0 is no integer.
"""

import re
from collections.abc import Iterator
from typing import Any

TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
SHOWN = 40
"""Characters of a wrong value that are shown."""


def mismatch(value: Any, schema: dict[str, Any]) -> str:
    """`outcomes[0].model: 7 is no string`; empty if the value keeps to the schema."""
    return next(_mismatches(value, schema, schema, ""), "")


def _mismatches(
    value: Any, schema: dict[str, Any], root: dict[str, Any], path: str
) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        yield from _mismatches(value, root["$defs"][name], root, path)
        return
    if "anyOf" in schema:
        yield from _none_of(value, schema["anyOf"], root, path)
    named = schema.get("type", [])
    types = [named] if isinstance(named, str) else named
    if types and not any(_is(value, one) for one in types):
        yield f"{path or 'it'}: {_shown(value)} is no {' or '.join(types)}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {_shown(value)} is none of {', '.join(map(_shown, schema['enum']))}"
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield f"{path}: {_shown(value)} is not of the form {schema['pattern']}"
    if isinstance(value, int | float) and value < schema.get("minimum", value):
        yield f"{path}: {_shown(value)} is less than {schema['minimum']}"
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from _mismatches(item, schema["items"], root, f"{path}[{number}]")
    if isinstance(value, dict):
        yield from _members(value, schema, root, path)


def _is(value: Any, name: str) -> bool:
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def _none_of(
    value: Any, choices: list[dict[str, Any]], root: dict[str, Any], path: str
) -> Iterator[str]:
    """What is wrong with the choice that the value wants to be, unless another one fits."""
    found = [next(_mismatches(value, one, root, path), "") for one in choices]
    if all(found):
        meant = (place for place, one in enumerate(choices) if _names(value, one, root))
        yield found[next(meant, 0)]


def _names(value: Any, choice: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether the value has a member that may be one thing only in this choice."""
    known = root["$defs"].get(choice.get("$ref", "").removeprefix("#/$defs/"), choice)
    members = known.get("properties", {}).items() if isinstance(value, dict) else ()
    return any([value.get(name)] == one.get("enum") for name, one in members)


def _members(
    value: dict[str, Any], schema: dict[str, Any], root: dict[str, Any], path: str
) -> Iterator[str]:
    before = f"{path}." if path else ""
    for name in schema.get("required", []):
        if name not in value:
            yield f"{path or 'it'}: there is no `{name}`"
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, item in value.items():
        if name in known:
            yield from _mismatches(item, known[name], root, f"{before}{name}")
        elif others is False:
            yield f"{path or 'it'}: `{name[:SHOWN]}` is not known"
        elif isinstance(others, dict):
            yield from _mismatches(item, others, root, f"{before}{name}")


def _shown(value: Any) -> str:
    import json

    text = json.dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."
