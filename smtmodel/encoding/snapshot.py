"""Snapshots: the reads of memory at one instant that a property's expressions make.

A snapshot is a point on the clock of the model's instants. Its expressions become terms over
reads that belong to no lane; what goes through null, an empty entry or an unwritten field
has none of its literals and so is not judged.
"""

from smtmodel.encoding import memory
from smtmodel.encoding.adjacency import together
from smtmodel.encoding.domains import INITIAL
from smtmodel.encoding.formula import TRUE, Literal, Node, Reason
from smtmodel.encoding.observation import Observation
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Address, Event

READS = Reason("a snapshot returns for each location the last write before it")
WHOLE = Reason("no instant lies inside an atomic block, or before the ghosts of an event")


class Snapshot(Observation):
    """Reads of memory at one instant.

    `node` is its point on the clock, `active` the literal that it is taken at all. `lane`
    names the lane whose entries per-lane caches stand for.
    """

    def __init__(self, encoding: Encoding, lane: str | None) -> None:
        super().__init__(encoding.graph, lane, self._observe)
        self.encoding = encoding
        self.node: Node = f"s{encoding.snapshots}"
        encoding.snapshots += 1
        self._constrained = 0

    def _observe(self, address: Address) -> int:
        number = self.encoding.observed
        self.encoding.observed += 1
        self.encoding.domains.observe(number, address)
        return number

    # ------------------------------------------------------------ constraints

    def constrain(self, active: Literal = TRUE) -> None:
        """States what the reads added so far return, where the snapshot is taken."""
        for read in self.reads[self._constrained :]:
            self._place(read, active)
        self._constrained = len(self.reads)

    def _place(self, read: Event, active: Literal) -> None:
        encoding, formula = self.encoding, self.encoding.formula
        number = read.number
        assert read.address is not None
        clock = encoding.model.instants
        assert clock is not None
        touched = encoding.located(read.address, encoding.domains.locations[number])
        encoding.rf[number] = {
            source: formula.new(f"rf_{number}_{'init' if source == INITIAL else source}")
            for source in encoding.domains.candidates[number]
        }
        happens = formula.all_of((active, formula.any_of(touched.values())))
        memory.sources(encoding, read, happens)
        memory.observed(encoding, read)
        for source, literal in encoding.rf[number].items():
            if source != INITIAL:
                formula.implies([literal], [formula.before(clock, source, self.node)], READS)
        for write, bodies in memory.overwritten(encoding, read).items():
            after = formula.before(clock, self.node, write)
            for body in bodies:
                formula.implies(body, [after], READS)

    def outside_atomic(self) -> None:
        """Keeps the instant out of every atomic block, and from between a ghost and its event."""
        encoding, formula = self.encoding, self.encoding.formula
        clock = encoding.model.instants
        assert clock is not None
        for pair in together(encoding):
            ways = [
                formula.before(clock, self.node, pair.first),
                formula.before(clock, pair.second, self.node),
            ]
            formula.implies(pair.body, ways, WHOLE)

    def after_everything(self) -> None:
        """Puts the instant after every event."""
        clock = self.encoding.model.instants
        assert clock is not None
        for event in self.encoding.graph.events:
            after = self.encoding.formula.before(clock, event.number, self.node)
            happens = self.encoding.happens(event.number)
            self.encoding.formula.implies([happens], [after], READS)
