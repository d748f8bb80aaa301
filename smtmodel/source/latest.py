"""What a function gave for its latest arguments, kept instead of computed anew."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class _Itself:
    """A key for one object. Records that are equal may differ in what is not compared, such as the
    place of a step in its text."""

    __slots__ = ("item",)

    def __init__(self, item: object) -> None:
        self.item = item

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and self.item is other.item

    def __hash__(self) -> int:
        return id(self.item)


def latest(count: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keeps the results for so many arguments; the first one must be the same object, not an equal
    one."""

    def make(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=count)
        def kept(first: _Itself, *rest: object, **named: object) -> T:
            return function(first.item, *rest, **named)  # type: ignore[arg-type]

        @wraps(function)
        def asked(*given: P.args, **named: P.kwargs) -> T:
            return kept(_Itself(given[0]), *given[1:], **named)  # type: ignore[arg-type]

        return asked

    return make
