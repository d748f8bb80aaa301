"""The edges from one place by the guards that they begin with, so that each is tested once."""

from collections.abc import Iterable

from smtmodel.source.record import field, record
from smtmodel.systems.system import Edge, Guard


@record(frozen=False)
class Branching:
    """`edges` have no more guards; `branches` are where another guard holds."""

    edges: list[Edge] = field(default_factory=list)
    branches: dict[Guard, "Branching"] = field(default_factory=dict)


def branchings(edges: Iterable[Edge]) -> dict[tuple[int, int], Branching]:
    """The edges of each lane and place."""
    made: dict[tuple[int, int], Branching] = {}
    for edge in edges:
        at = made.setdefault((edge.lane, edge.source), Branching())
        for guard in edge.guards:
            at = at.branches.setdefault(guard, Branching())
        at.edges.append(edge)
    return made
