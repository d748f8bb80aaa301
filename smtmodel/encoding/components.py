"""Which nodes of a graph lie on cycles together."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Point = TypeVar("Point", bound=Hashable)


def components(edges: Iterable[tuple[Point, Point]]) -> dict[Point, int]:
    """For each node the number of its strongly connected component."""
    following: dict[Point, list[Point]] = {}
    preceding: dict[Point, list[Point]] = {}
    for first, second in edges:
        following.setdefault(first, []).append(second)
        preceding.setdefault(second, []).append(first)
        following.setdefault(second, [])
    found: dict[Point, int] = {}
    for start in reversed(_left(following)):
        if start not in found:
            _reach(start, preceding, len(found), found)
    return found


def _left(following: Mapping[Point, list[Point]]) -> list[Point]:
    """The nodes in the order in which a walk in depth leaves them."""
    found: list[Point] = []
    seen: set[Point] = set()
    for start in following:
        if start in seen:
            continue
        seen.add(start)
        path = [(start, iter(following[start]))]
        while path:
            others = path[-1][1]
            new = next((one for one in others if one not in seen), None)
            if new is None:
                found.append(path.pop()[0])
            else:
                seen.add(new)
                path.append((new, iter(following[new])))
    return found


def _reach(
    start: Point, preceding: Mapping[Point, list[Point]], number: int, found: dict[Point, int]
) -> None:
    """Gives the number to all nodes that lead to one and have none yet."""
    found[start], waiting = number, [start]
    while waiting:
        for point in preceding.get(waiting.pop(), ()):
            if point not in found:
                found[point] = number
                waiting.append(point)
