"""Records become JSON values and come back; what does not fit is named with its place."""

import json
from enum import Enum
from hashlib import sha256
from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft202012Validator

from smtmodel.documents.json import schema_text
from smtmodel.documents.wire import answer, codec
from smtmodel.documents.wire.codec import decode, encode, schema
from smtmodel.source.record import record


class Colour(Enum):
    """What a thing looks like."""

    RED = "a warm one"
    DARK_BLUE = "a cold one"


@record
class Leaf:
    """A leaf; `colour` is null in winter."""

    colour: Colour | None


@record
class SavedTwoLeaves:
    """Two leaves, one after the other."""

    pair: tuple[Leaf, Leaf]


@record
class Bare:
    """A branch without anything."""


@record
class Tree:
    """All of a tree."""

    name: str
    age: Annotated[int, ("ge", 0)]
    parts: tuple[SavedTwoLeaves | Bare, ...]
    fruits: dict[str, int]
    kind_of_wood: Annotated[str, Colour]
    use: Annotated[str, Literal["fire", "table"]] = "fire"
    code: Annotated[str, ("pattern", "^T[0-9]$")] = "T1"


LEAVES = SavedTwoLeaves((Leaf(Colour.RED), Leaf(None)))
TREE = Tree("oak", 3, (LEAVES, Bare()), {"acorn": 2}, "dark_blue")
VALUE: Any = {
    "name": "oak",
    "age": 3,
    "parts": [
        {"kind": "two_leaves", "pair": [{"colour": "a warm one"}, {"colour": None}]},
        {"kind": "bare"},
    ],
    "fruits": {"acorn": 2},
    "kind_of_wood": "dark_blue",
    "use": "fire",
    "code": "T1",
}


def test_a_record_is_an_object_and_comes_back() -> None:
    assert encode(TREE) == VALUE
    assert decode(json.loads(json.dumps(VALUE)), Tree) == TREE


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another type": ({"name": 7}, "name: expected `str`, got `int`"),
    "a number below": ({"age": -1}, "age: expected `int` >= 0"),
    "a truth": ({"age": True}, "age: expected `int`, got `bool`"),
    "no kind": ({"parts": [{}]}, "parts[0]: object missing required field `kind`"),
    "an unknown kind": ({"parts": [{"kind": "root"}]}, "parts[0].kind: invalid value 'root'"),
    "half a pair": (
        {"parts": [{"kind": "two_leaves", "pair": [{"colour": None}]}]},
        "parts[0].pair: expected `array` of length 2, got 1",
    ),
    "an unknown colour": (
        {"parts": [{"kind": "two_leaves", "pair": [{"colour": "green"}, {"colour": None}]}]},
        "parts[0].pair[0].colour: invalid enum value 'green'",
    ),
    "a text that is none of the names": ({"kind_of_wood": "a warm one"}, "kind_of_wood: invalid"),
    "a text that is not in the list": ({"use": "ship"}, "use: invalid enum value 'ship'"),
    "a text of another form": ({"code": "X1"}, "code: expected `str` matching regex '^T[0-9]$'"),
    "no number": ({"fruits": {"acorn": ""}}, "fruits[...]: expected `int`, got `str`"),
    "something more": ({"more": 1}, "object contains unknown field `more`"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_with_its_place(case: str) -> None:
    changes, said = WRONG[case]
    assert str(decode(VALUE | changes, Tree)).startswith(said)
    assert not Draft202012Validator(schema(Tree, "")).is_valid(VALUE | changes)


@pytest.mark.parametrize("name", VALUE)
def test_every_member_has_to_be_there(name: str) -> None:
    value = {key: one for key, one in VALUE.items() if key != name}
    assert decode(value, Tree) == f"object missing required field `{name}`"


def test_a_long_value_is_not_repeated() -> None:
    said = decode(VALUE | {"use": "x" * 1000}, Tree)
    assert isinstance(said, str)
    assert said.startswith("use: ")
    assert len(said) < codec.LONGEST + 10


def test_the_schema_says_what_the_docstrings_say() -> None:
    made: Any = schema(Tree, "Trees")
    assert made["title"] == "Trees"
    assert made["$defs"]["TwoLeaves"]["description"] == "Two leaves, one after the other."
    assert made["$defs"]["Tree"]["required"] == [*VALUE]
    Draft202012Validator(made).validate(VALUE)


# ---------------------------------------------------------------- what is saved here


def _parts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schema_text())["$defs"]
    return found


def test_every_part_of_what_is_saved_has_a_name_of_its_own() -> None:
    assert [name for name in _parts() if not name.isalpha()] == []


def test_every_object_that_is_saved_is_described() -> None:
    objects = {name: one for name, one in _parts().items() if one.get("type") == "object"}
    assert [name for name, one in objects.items() if not one.get("description")] == []


SHAPES = {3: "8a30d14aa1083ef7"}
"""For a number of the format the beginning of a digest of its parts and their members."""


def test_another_shape_has_another_number() -> None:
    """Whoever changes what is saved since the last release gives the format a new number."""
    shape = {name: sorted(map(str, _members(part))) for name, part in _parts().items()}
    digest = sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]
    assert {answer.FORMAT: digest} == SHAPES


def _members(part: dict[str, Any]) -> list[Any]:
    """The members of an object, or the values of an enumeration."""
    return [*part.get("properties", part.get("enum", ()))]
