"""Fewer points and edges on a clock, and the same order of what is left.

Takes edges that hold on a condition each. An edge beside a longer way that holds anyway says
nothing. A point in between that is come to by one edge only, or left by one only, is left out:
every way through it becomes an edge.
"""

from collections.abc import Iterable, Set
from graphlib import CycleError, TopologicalSorter

from smtmodel.encoding.formula import TRUE, Literal, Node

Condition = frozenset[Literal]
"""All of these hold."""
Step = tuple[Node, Node, Condition]
_Ends = dict[Node, dict[tuple[Node, Condition], None]]
"""For each point what its edges lead to, or come from."""


def reduced(steps: list[Step]) -> list[Step]:
    """The steps without those that follow from others which hold anyway."""
    following: dict[Node, list[Node]] = {}
    for first, second, condition in steps:
        if condition <= {TRUE}:
            following.setdefault(first, []).append(second)
    bit: dict[Node, int] = {}
    reach: dict[Node, int] = {}
    beyond: dict[Node, int] = {}
    try:
        for point in TopologicalSorter(following).static_order():
            bit[point] = 1 << len(bit)
            reach[point] = beyond[point] = 0
            for other in following.get(point, ()):
                reach[point] |= bit[other] | reach[other]
                beyond[point] |= reach[other]
    except CycleError:
        return steps  # no execution satisfies them

    def follows(first: Node, second: Node, condition: Condition) -> bool:
        found = beyond if condition <= {TRUE} else reach
        return bool(found.get(first, 0) & bit.get(second, 0))

    return [step for step in dict.fromkeys(steps) if not follows(*step)]


def contracted(steps: Iterable[Step], kept: Set[Node] = frozenset()) -> list[Step]:
    """The steps without points in between, which have names, that save no edge; but for `kept`."""
    goes: _Ends = {}
    comes: _Ends = {}
    round_: dict[Step, None] = {}

    def join(first: Node, second: Node, condition: Condition) -> None:
        left = condition - {TRUE}
        if first == second:
            round_[first, second, left] = None
        else:
            goes.setdefault(first, {})[second, left] = None
            comes.setdefault(second, {})[first, left] = None

    for step in steps:
        join(*step)
    waiting = [one for one in {**goes, **comes} if isinstance(one, str) and one not in kept]
    while waiting:
        point = waiting.pop()
        before, behind = comes.get(point, {}), goes.get(point, {})
        if len(before) > 1 and len(behind) > 1:
            continue
        for first, condition in before:
            del goes[first][point, condition]
        for second, condition in behind:
            del comes[second][point, condition]
        comes[point], goes[point] = {}, {}
        for first, here in before:
            for second, there in behind:
                join(first, second, here | there)
        around = (*before, *behind)
        waiting += [one for one, _ in around if isinstance(one, str) and one not in kept]
    left = [(a, b, condition) for a, ends in goes.items() for b, condition in ends]
    return [*left, *round_]
