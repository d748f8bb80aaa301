"""Ways along edges that hold in one assignment, with what they depend on.

Takes a graph whose edges hold on a condition each, and which literals hold; gives for the points
that are come to from where ways begin the conditions of a way with few of them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from smtmodel.encoding.contraction import Condition
from smtmodel.encoding.formula import Literal, Node

Edges = list[tuple[Node, Condition]]
"""Where a point leads, or where ways begin, and on what condition."""
Holds = Callable[[Literal], bool]


class Ways:
    """The ways from one beginning."""

    def __init__(self, begun: Iterable[tuple[Node, Condition]], graph: "HoldingGraph") -> None:
        self._before: dict[Node, tuple[Node | None, Condition]] = {}
        waiting: deque[tuple[Node, Node | None, Condition]] = deque()
        waiting.extend((point, None, x) for point, x in begun if graph.hold(x))
        before = self._before
        while waiting:
            point, last, condition = waiting.popleft()
            if point in before:
                continue
            before[point] = last, condition
            for other, more in graph.following(point):
                if other not in before:
                    # Along what holds anyway first: so ways depend on little.
                    (waiting.append if more else waiting.appendleft)((other, point, more))

    def to(self, point: Node) -> Condition | None:
        """What a way to a point depends on; None where there is none."""
        if point not in self._before:
            return None
        found: set[Literal] = set()
        last: Node | None = point
        while last is not None:
            last, condition = self._before[last]
            found |= condition
        return frozenset(found)


class HoldingGraph:
    """The edges that hold in an assignment."""

    def __init__(self, edges: Mapping[Node, Edges], holds: Holds) -> None:
        self._edges = edges
        self._holds = holds
        self._following: dict[Node, Edges] = {}

    def hold(self, condition: Iterable[Literal]) -> bool:
        """Whether all of a condition holds."""
        return all(map(self._holds, condition))

    def following(self, point: Node) -> Edges:
        """Where a point leads."""
        if point not in self._following:
            edges = self._edges.get(point, ())
            self._following[point] = [edge for edge in edges if self.hold(edge[1])]
        return self._following[point]

    def add(self, first: Node, second: Node, condition: Condition) -> None:
        """One edge more, which holds."""
        self.following(first).append((second, condition))
