"""The base relations of a protocol's events: those that are not defined by others.

Takes an encoding whose reads-from and coherence are stated. A relation has *static* pairs, which
hold whenever both events happen, and *conditional* ones with the conjunctions under which they
hold.
"""

from smtmodel.encoding.formula import FALSE, TRUE
from smtmodel.encoding.memory import Body, coherent, overwritten
from smtmodel.encoding.state import Encoding
from smtmodel.events.dependencies import dependencies
from smtmodel.events.graph import Kind
from smtmodel.source.record import field, record

Pair = tuple[int, int]


@record(frozen=False)
class Pairs:
    """`static[a]` has bit b where (a, b) is static; `conditional` has the other pairs."""

    static: list[int]
    conditional: dict[Pair, list[Body]] = field(default_factory=dict)

    def keep(self, pair: Pair, bodies: list[Body]) -> None:
        """Adds a pair under conditions, as static where one of them is empty."""
        kept = [tuple(lit for lit in body if lit != TRUE) for body in bodies if FALSE not in body]
        if () in kept:
            self.static[pair[0]] |= 1 << pair[1]
        elif kept:
            self.conditional[pair] = kept


def none(size: int) -> Pairs:
    """No pair of so many events."""
    return Pairs([0] * size)


class BaseRelations:
    """The relations over one encoding; `lanes`: for each lane its events."""

    def __init__(self, encoding: Encoding) -> None:
        self.encoding = encoding
        self.events = encoding.graph.events
        self.size = len(self.events)
        self.everything = (1 << self.size) - 1
        self.lanes = [0] * len(encoding.graph.lanes)
        for event in self.events:
            self.lanes[event.lane] |= 1 << event.number

    def pairs(self, name: str, within: list[int] | None) -> Pairs:
        """A relation; pairs outside `within`, if given, may be left out."""
        match name:
            case "po":
                return Pairs([self.lanes[e.lane] & ~((2 << e.number) - 1) for e in self.events])
            case "rf":
                return self._rf()
            case "co":
                return self._co()
            case "fr":
                return self._fr()
            case "loc":
                return self._loc(within)
            case "int":
                return Pairs([self.lanes[e.lane] for e in self.events])
            case "ext":
                return Pairs([self.everything & ~self.lanes[e.lane] for e in self.events])
            case "id":
                return Pairs([1 << e.number for e in self.events])
            case "addr" | "data" | "ctrl":
                return self._dependencies(name)
            case "rmw":
                return self._read_modify_writes()
        raise KeyError(name)

    def _read_modify_writes(self) -> Pairs:
        """Each read to its write, where these are two events: a write happens only with it."""
        found = none(self.size)
        for write in self.events:
            for read in write.partners if write.kind is Kind.WRITE else ():
                found.static[read] |= 1 << write.number
        return found

    def _dependencies(self, name: str) -> Pairs:
        found, holds = none(self.size), self.encoding.holds
        for pair, ways in dependencies(self.encoding.graph, name).items():
            open_ways = sorted(sorted(way) for way in ways)
            bodies = [tuple(holds(g) if so else -holds(g) for g, so in way) for way in open_ways]
            found.keep(pair, bodies)
        return found

    def _rf(self) -> Pairs:
        found = none(self.size)
        for read, sources in self.encoding.rf.items():
            for source, literal in sources.items():
                if source >= 0 and read < self.size:
                    static = literal == self.encoding.happens(read)
                    found.keep((source, read), [() if static else (literal,)])
        return found

    def _co(self) -> Pairs:
        found = none(self.size)
        writers = [e.number for e in self.encoding.domains.accesses if e.kind is not Kind.READ]
        for first in writers:
            for second in writers:
                body = coherent(self.encoding, first, second) if first != second else None
                if body is not None:
                    happen = {self.encoding.happens(first), self.encoding.happens(second)}
                    found.keep((first, second), [tuple(x for x in body if x not in happen)])
        return found

    def _fr(self) -> Pairs:
        found = none(self.size)
        for read in self.encoding.domains.accesses:
            if read.kind is not Kind.WRITE:
                for write, bodies in overwritten(self.encoding, read).items():
                    happen = {self.encoding.happens(read.number), self.encoding.happens(write)}
                    kept = [tuple(x for x in body if x not in happen) for body in bodies]
                    found.keep((read.number, write), kept)
        return found

    def _loc(self, within: list[int] | None) -> Pairs:
        found = none(self.size)
        locations = self.encoding.domains.locations
        accesses = [e.number for e in self.encoding.domains.accesses]
        for first in accesses:
            for second in accesses:
                if within is not None and not within[first] >> second & 1:
                    continue
                if set(locations[first]) & set(locations[second]):
                    same = self.encoding.same(first, second)
                    found.keep((first, second), [(same,)])
        return found
