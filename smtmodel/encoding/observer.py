"""A CPU that makes all reads of a property at once, on the graph of `propagation.py`.

What `smtmodel.models.lkmm.instants` adds to `pb` is stated as edges. A write that is read there has
reached every lane first: full barriers stand between the reads, so that `prop` to one of them comes
before all. The barriers around them stand before the lane's own steps and updates that are to
come, and behind what these have seen which are over.
"""

from collections.abc import Iterator

from smtmodel.encoding.definitions import Definitions
from smtmodel.encoding.propagation import Edge, Propagation
from smtmodel.models.lkmm.events import MARKED
from smtmodel.models.lkmm.instants import OVER, SNAP, TO_COME, WATCHED, WATCHING
from smtmodel.models.terms import RF, then
from smtmodel.source.bits import bits

SEEN = "observed"
"""The point behind all that the reads return."""
READ = then(MARKED, RF, SNAP)
WATCHED_BEFORE, WATCHED_BEHIND = then(MARKED, WATCHED), then(WATCHING, MARKED)
OVER_BEFORE, TO_COME_BEHIND = then(MARKED, OVER), then(TO_COME, MARKED)


class ObservingClock(Propagation):
    """The same clock, with a CPU that observes; `told`: of updates that are over or to come."""

    def __init__(self, definitions: Definitions, *, told: bool = False) -> None:
        super().__init__(definitions)
        self.seen = (WATCHED_BEFORE, OVER_BEFORE) if told else (WATCHED_BEFORE,)
        self.unseen = (WATCHED_BEHIND, TO_COME_BEHIND) if told else (WATCHED_BEHIND,)
        self.barriers = (WATCHED, WATCHING, *((OVER, TO_COME) if told else ()))
        events = (1 << len(self.nodes.events)) - 1
        self.reads = list(bits(definitions.extents.members(SNAP)[0] & events))

    def helping(self, around: set[int], *, strong: bool) -> Iterator[Edge]:
        """The edges, and those from what is observed and to what is behind it."""
        yield from super().helping(around, strong=strong)
        for write, read in self.pairs(READ):
            for lane in self.lanes:
                yield self.reached(lane, write), SEEN, READ, (write, read)
        for relation in self.seen:
            for first, read in self.pairs(relation):
                yield f"everywhere_{first}", SEEN, relation, (first, read)
        for relation in self.unseen:
            for read, second in self.pairs(relation):
                yield read, second, relation, (read, second)
        for read in self.reads:
            yield SEEN, read, None, (read,)

    def looking(self, around: set[int]) -> set[int]:
        """Also those of which it is observed what they have seen."""
        seen = {first for relation in self.seen for first, _ in self.pairs(relation)}
        return super().looking(around) | seen
