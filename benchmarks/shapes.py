"""More shapes than the founding protocol's, as models that smtmodel exports.

Takes a protocol's file, its bounds and a property that is proved; gives the command for smtmodel,
and the text for SPIN, which `smtmodel promela` prints.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from smtmodel import pipeline
from smtmodel.commands.promela import exported
from smtmodel.source.refusal import Refusal

ROOT = Path(__file__).resolve().parent.parent

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A protocol, what is special about it, and the bounds to ask about."""

    title: str
    file: str
    prop: str
    sizes: tuple[Counts, ...]


def _counts(*names: str, sizes: tuple[tuple[int, ...], ...]) -> tuple[Counts, ...]:
    return tuple(tuple(zip(names, size, strict=True)) for size in sizes)


SHAPES = (
    Shape(
        "paolo",
        "protocols/paolo.dsl",
        "stale_after_return",
        _counts("updates", "faults", sizes=((2, 2), (3, 2), (4, 4))),
    ),
    Shape(
        "coupled lanes",
        "benchmarks/shapes/coupled.dsl",
        "alive",
        _counts("user", sizes=((3,), (5,), (6,), (7,))),
    ),
    Shape(
        "locks",
        "benchmarks/shapes/locks.dsl",
        "same",
        _counts("writer", "reader", sizes=((2, 2), (3, 3), (4, 4))),
    ),
    Shape(
        "a retry loop",
        "benchmarks/shapes/retry.dsl",
        "same",
        _counts("updates", "reader", sizes=((1, 2), (2, 2), (1, 3))),
    ),
)


def called(shape: Shape, counts: Counts) -> str:
    """The name of a shape at these bounds."""
    return f"{shape.title}, {', '.join(f'{count} {name}' for name, count in counts)}"


def command(shape: Shape, counts: Counts) -> list[str]:
    """What decides the property at these bounds."""
    bounds = [word for name, count in counts for word in ("--bound", f"{name}={count}")]
    prove = [sys.executable, "-m", "smtmodel", "prove", shape.file, "--bounded"]
    return [*prove, *bounds, "--only", shape.prop]


def model(shape: Shape, counts: Counts) -> str:
    """The model that asks about the property at these bounds."""
    name = str(ROOT / shape.file)
    text, subject = exported(name, counts), pipeline.subject(name, "sc", counts)
    assert not isinstance(text, Refusal), text
    assert not isinstance(subject, Refusal), subject
    names = [prop.name for prop in subject.checked.properties]
    return f"#define PROPERTY {names.index(shape.prop) + 1}\n{text}"
