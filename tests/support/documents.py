"""Saved answers changed on purpose."""

from collections.abc import Callable
from typing import Any

Document = dict[str, Any]


def change(path: str, value: Any) -> Callable[[Document], None]:
    """Put a value at a place such as `outcomes.0.model`."""

    def made(document: Document) -> None:
        place: Any = document
        *before, last = [int(word) if word.isdigit() else word for word in path.split(".")]
        for word in before:
            place = place[word]
        place[last] = value

    return made
