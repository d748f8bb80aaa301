"""Fewer points and edges on a clock, and the same order of what is left.

Takes edges that hold on a condition each. An edge beside a longer way that holds anyway says
nothing. A point in between that is come to by one edge only, or left by one only, is left out:
every way through it becomes an edge.
"""

from collections.abc import Iterable
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
    try:
        for point in TopologicalSorter(following).static_order():
            bit[point] = 1 << len(bit)
            reach[point] = 0
            for other in following.get(point, ()):
                reach[point] |= bit[other] | reach[other]
    except CycleError:
        return steps  # no execution satisfies them

    def follows(first: Node, second: Node, condition: Condition) -> bool:
        found = reach.get(first, 0)
        if condition <= {TRUE}:
            found = 0
            for other in following[first]:
                found |= reach[other]
        return bool(found & bit.get(second, 0))

    return [step for step in dict.fromkeys(steps) if not follows(*step)]


def contracted(steps: Iterable[Step]) -> list[Step]:
    """The steps without points in between, which have names, that save no edge."""
    goes: _Ends = {}
    comes: _Ends = {}
    round_: dict[Step, None] = {}

    def join(first: Node, second: Node, condition: Condition) -> None:
        kept = condition - {TRUE}
        if first == second:
            round_[first, second, kept] = None
        else:
            goes.setdefault(first, {})[second, kept] = None
            comes.setdefault(second, {})[first, kept] = None

    for step in steps:
        join(*step)
    waiting = [point for point in {**goes, **comes} if isinstance(point, str)]
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
        waiting += [other for other, _ in around if isinstance(other, str)]
    left = [(a, b, condition) for a, ends in goes.items() for b, condition in ends]
    return [*left, *round_]
