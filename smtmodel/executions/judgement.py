"""Which properties hold at an instant.

Takes a layout and gives, for memory (and what lanes kept of their locals), which `never`
properties are violated, which of their conditions hold and which goals are met. A property
that reads caches is judged for each lane of their kind. Whether a property is
judged at an instant at all is the caller's business.
"""

from smtmodel.executions.layout import Layout
from smtmodel.executions.snapshot import Kept, Snapshot, snapshot
from smtmodel.executions.values import NOTHING, Memory, holds
from smtmodel.language.ast import When
from smtmodel.language.checked import Constant, Expression, Never, Reach
from smtmodel.source.record import record


@record
class Judge:
    """A `never` or `reach` with the caches of a lane; the `bad` of a `reach` is its goal."""

    name: str
    when: When
    lane: int
    condition: Snapshot
    bad: Snapshot
    goal: bool

    def holding(self, memory: Memory, kept: Kept) -> bool:
        """Whether the condition is defined and true."""
        value = self.condition(memory, kept)
        return value is not NOTHING and holds(value)

    def judged(self, memory: Memory, kept: Kept) -> bool:
        """Whether the condition holds and what it conditions is defined."""
        return self.holding(memory, kept) and self.bad(memory, kept) is not NOTHING

    def met(self, memory: Memory, kept: Kept) -> bool:
        """Whether the condition and then the bad (or the goal) are defined and true."""
        if not self.holding(memory, kept):
            return False
        value = self.bad(memory, kept)
        return value is not NOTHING and holds(value)


def judges(layout: Layout) -> tuple[Judge, ...]:
    """All of them, in the order of the properties and then of the lanes."""
    known: list[Judge] = []
    for prop in layout.protocol.properties:
        if isinstance(prop, Never | Reach):
            bad = prop.bad if isinstance(prop, Never) else prop.goal
            given = prop.condition if isinstance(prop, Never) else None
            condition: Expression = Constant(1) if given is None else given
            for lane in _lanes(layout, prop.lanes):
                known.append(
                    Judge(
                        prop.name,
                        prop.when,
                        lane,
                        snapshot(condition, layout, lane),
                        snapshot(bad, layout, lane),
                        goal=isinstance(prop, Reach),
                    )
                )
    return tuple(known)


def _lanes(layout: Layout, kind: str | None) -> list[int]:
    """The lanes, by their index in the kind, for which a property is judged."""
    if kind is None:
        return [0]
    return [lane.index for lane in layout.lanes if lane.kind.name == kind]
