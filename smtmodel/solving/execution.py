"""The concrete execution of an assignment, for the finite-set reading of a model.

Reads-from, addresses and order are taken from the assignment; from-reads, locations and
program order are derived here, outside the formula.
"""

from smtmodel.encoding.decode import Reader
from smtmodel.encoding.domains import INITIAL
from smtmodel.events.graph import Event, Kind
from smtmodel.events.sets import member, needs_success
from smtmodel.executions.evaluate import Execution
from smtmodel.executions.matrices import Pair, Rows, members, rows
from smtmodel.models.terms import EVENT_SETS


def execution(reader: Reader) -> Execution:
    """All events that happen, before the end and after it; initial writes get numbers too."""
    found = [event for event in reader.graph.events if reader.happens(event)]
    return _Deriving(reader, found).execution()


class _Deriving:
    """The relations under construction."""

    def __init__(self, reader: Reader, found: list[Event]) -> None:
        self.reader = reader
        self.found = found
        self.encoding = reader.encoding
        self.first = len(reader.graph.events)
        self.location = {e.number: self._location(e.number) for e in found if e.address is not None}

    def _location(self, event: int) -> int:
        touched = self.encoding.touches(event)
        return next(x for x, literal in touched.items() if self.reader.holds(literal))

    def _succeeds(self, event: Event) -> bool:
        return self.reader.holds(self.encoding.succeeds(event))

    def execution(self) -> Execution:
        initial = {x: self.first + x for x in sorted(set(self.location.values()))}
        location = {**self.location, **{number: x for x, number in initial.items()}}
        co = self._coherence(initial)
        rf = self._reads_from(initial)
        fr = {(r, after) for w, r in rf for b, after in co if b == w and after != r}
        everything = members([*(e.number for e in self.found), *initial.values()])
        size = everything.bit_length()
        lanes = self._alike({e.number: e.lane for e in self.found}, size)
        relations = {
            "po": tuple(row & -(2 << event) for event, row in enumerate(lanes)),
            "rf": rows(rf, size),
            "co": rows(co, size),
            "fr": rows(fr, size),
            "loc": self._alike(location, size),
            "int": lanes,
            "ext": tuple(
                everything & ~row if everything >> event & 1 else 0
                for event, row in enumerate(lanes)
            ),
        }
        return Execution(everything, self._sets(initial), relations)

    def _alike(self, place: dict[int, int], size: int) -> Rows:
        """The pairs of events that are in one place."""
        inside: dict[int, int] = {}
        for event, where in place.items():
            inside[where] = inside.get(where, 0) | 1 << event
        return tuple(inside[place[event]] if event in place else 0 for event in range(size))

    def _sets(self, initial: dict[int, int]) -> dict[str, int]:
        sets = {}
        for name in EVENT_SETS:
            sets[name] = members(
                e.number
                for e in self.found
                if member(e, name) and (self._succeeds(e) or not needs_success(e, name))
            )
        sets["W"] |= members(initial.values())
        return sets

    def _coherence(self, initial: dict[int, int]) -> set[Pair]:
        """The writes to each location in the order of the clock, initial ones first."""
        writes = [e for e in self.found if e.kind in (Kind.WRITE, Kind.RMW) and self._succeeds(e)]
        writes.sort(key=lambda e: (self.reader.at(e), e.number))
        pairs: set[Pair] = set()
        for location, number in initial.items():
            order = [number, *(e.number for e in writes if self.location[e.number] == location)]
            pairs.update((a, b) for i, a in enumerate(order) for b in order[i + 1 :])
        return pairs

    def _reads_from(self, initial: dict[int, int]) -> set[Pair]:
        pairs: set[Pair] = set()
        for event in self.found:
            if event.kind in (Kind.READ, Kind.RMW):
                sources = self.encoding.rf[event.number].items()
                for source, literal in sources:
                    if self.reader.holds(literal):
                        location = self.location[event.number]
                        write = initial[location] if source == INITIAL else source
                        pairs.add((write, event.number))
        return pairs
