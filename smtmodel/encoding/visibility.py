"""What is visible or made before what, for plain accesses, on the graph of `propagation.py`.

Covers pairs of the definitions `ww-vis`, `wr-vis` and `rw-xbstar` of `smtmodel.models.lkmm.races`,
which axioms and flags ask about. From what bounds the first access the edges of the graph
are followed, each stated once for that access, to what bounds the second. `vis` begins where
its write has reached the lane in which it ends, `xbstar` at an event.

Here it does not do that sections and grace periods are in some order, for what is in no order is a
race. So `rcu-order` is stated as it is defined, between the ends of sections and grace periods:
one after another where links lead from one to the other. A link is a way through the graph,
which these orders belong to.
"""

from collections.abc import Iterator
from enum import Enum

from smtmodel.encoding.contraction import Condition, Step, contracted, reduced
from smtmodel.encoding.definitions import PAIR
from smtmodel.encoding.formula import FALSE, Literal, Node
from smtmodel.encoding.propagation import LOCAL, Propagation, points
from smtmodel.executions.matrices import Pair
from smtmodel.models.lkmm.events import ADDR, MARKED, R4RMB, SYNC_RCU, SYNC_SRCU, fenced
from smtmodel.models.lkmm.fences import FENCE, NONRW, STRONG
from smtmodel.models.lkmm.races import PRE_RACE, READS_RMB, RETURNING
from smtmodel.models.terms import LOC, Intersection, Relation, Union, then
from smtmodel.source.bits import bits

FENCED = then(FENCE, MARKED)
STRONGLY = then(STRONG, MARKED)
READ_BEFORE = then(Union((NONRW, then(RETURNING, fenced(READS_RMB), R4RMB))), MARKED)
FENCED_BEFORE = then(MARKED, Union((ADDR, FENCE)))
READ_AFTER = then(MARKED, Union((ADDR, NONRW, then(R4RMB, fenced(READS_RMB), RETURNING))))

CONFLICT = Intersection(PRE_RACE, LOC)
"""Accesses of which it may be asked."""


class Beginning(Enum):
    """With what ways begin: a write that is visible, an event, what lies around a point."""

    VISIBLE = "a write that is visible"
    EXECUTED = "an event that is executed"
    FRONT = "what is in front of a point"
    BEHIND = "what is behind a point"


Start = tuple[Beginning, int, int]
"""From where ways are followed: an event or the end of a section, and the lane in which a write is
to be visible."""


class Visibility:
    """The ways from one access to another; `barriers`: pairs that count as full barriers too."""

    def __init__(self, clock: Propagation, barriers: tuple[Relation, ...] = ()) -> None:
        self.clock = clock
        self.definitions = clock.definitions
        self.formula = clock.formula
        self.barriers = barriers
        self.leading = [then(one, MARKED) for one in barriers]
        self.led = [then(MARKED, one) for one in barriers]
        members = self.definitions.extents.members
        self.graces = {x for one in (SYNC_RCU, SYNC_SRCU) for x in bits(members(one)[0])}
        self.sections = list(clock.sections())
        self.points = sorted(points(self.sections) | self.graces)
        self._literals: dict[tuple[Start, Node], Literal] = {}
        self._after: dict[Node, list[tuple[Node, Condition]]] = {}
        self._possible: dict[Start, set[Node]] = {}
        self._fronts: dict[tuple[Start, int], Literal] = {}
        self._known: dict[int, tuple[dict[int, list[int]], dict[int, list[int]]]] = {}

    def cover(self) -> None:
        """From here on the definitions take their pairs from here."""
        writes = (FENCED_BEFORE, *self.led)
        covering = self.definitions.covering
        covering["ww-vis"] = lambda pair: self._covered(pair, Beginning.VISIBLE, writes)
        covering["wr-vis"] = lambda pair: self._covered(pair, Beginning.VISIBLE, (READ_AFTER,))
        covering["rw-xbstar"] = lambda pair: self._covered(pair, Beginning.EXECUTED, writes)

    # ------------------------------------------------------------ the graph

    def _join(self) -> None:
        clock = self.clock
        helping = list(clock.helping(set(self.points), strong=True))
        steps = reduced(clock.steps(clock.pairs(LOCAL), helping, lambda first, second: True))
        for grace in self.graces:
            happens = frozenset({clock.nodes.happens(grace)})
            steps.append((f"before_{grace}", f"after_{grace}", happens))
        for first, second, condition in contracted([*steps, *self._ordered()], self._kept()):
            self._after.setdefault(first, []).append((second, condition))
        for start, _ in list(self._literals):
            self._from(start)

    def _kept(self) -> set[Node]:
        """The points, without the events, at which ways may begin or end."""
        kept: set[Node] = {f"{side}_{x}" for side in ("before", "after") for x in self.points}
        begin = {event for pair in self.clock.pairs(CONFLICT) for event in pair}
        for relation in (FENCED, *self.leading):
            begin |= {second for first in begin for second, _ in self._leading(relation, first)}
        return kept | {self.clock.reached(lane, x) for x in begin for lane in self.clock.lanes}

    def _ordered(self) -> Iterator[Step]:
        """`rcu-order` of a section and a grace period: what has a link from one to the other."""
        for one in self.sections:
            held = frozenset(self.clock.held(one))
            back, forth = (Beginning.BEHIND, one.grace, 0), (Beginning.BEHIND, one.start, 0)
            linked = self._literal(back, f"before_{one.end}")
            yield f"before_{one.grace}", f"after_{one.start}", held | {linked}
            linked = self._literal(forth, f"before_{one.grace}")
            yield f"before_{one.end}", f"after_{one.grace}", held | {linked}

    # ------------------------------------------------------------ ways

    def _literal(self, start: Start, point: Node) -> Literal:
        """That there is a way; it is stated when the ways from there are."""
        if (start, point) not in self._literals:
            made = self.formula.new(f"way{len(self.formula.names)}")
            self._literals[start, point] = made
        return self._literals[start, point]

    def _way(self, start: Start, point: Node) -> Literal:
        """The literal that covers a way; FALSE where there is none."""
        return self._literal(start, point) if point in self._from(start) else FALSE

    def _from(self, start: Start) -> set[Node]:
        """The points to which there may be ways."""
        if start not in self._possible:
            found = self._possible[start] = set()
            waiting: list[Node] = []
            for point, condition in self._begun(start):
                self.formula.implies(condition, [self._literal(start, point)], PAIR)
                waiting.append(point)
            while waiting:
                point = waiting.pop()
                if point in found:
                    continue
                found.add(point)
                for other, condition in self._after.get(point, ()):
                    body = (self._literal(start, point), *condition)
                    self.formula.implies(body, [self._literal(start, other)], PAIR)
                    waiting.append(other)
        return self._possible[start]

    def _begun(self, start: Start) -> Iterator[tuple[Node, Condition]]:
        """With what ways begin."""
        kind, event, lane = start
        happens = self.clock.nodes.happens
        match kind:
            case Beginning.BEHIND:
                yield f"after_{event}", frozenset({happens(event)})
            case Beginning.FRONT:
                yield f"before_{event}", frozenset({happens(event)})
            case Beginning.EXECUTED:
                yield from self._marked(event, event)
                yield from self._leading(READ_BEFORE, event)
            case Beginning.VISIBLE:
                yield from self._marked(event, self.clock.reached(lane, event))
                for relation in (FENCED, *self.leading):
                    for after, condition in self._leading(relation, event):
                        yield self.clock.reached(lane, after), condition
                for relation in (STRONGLY, *self.leading):
                    yield from self._leading(relation, event)
                for point in self._behind(event):
                    yield f"before_{point}", frozenset({happens(point)})

    def _marked(self, event: int, point: Node) -> Iterator[tuple[Node, Condition]]:
        literal = self.definitions.member(MARKED, event, True)
        if literal != FALSE:
            yield point, frozenset({literal})

    def _leading(self, relation: Relation, event: int) -> Iterator[tuple[int, Condition]]:
        """What an event leads to by a relation."""
        for second in self._pairs(relation)[0].get(event, ()):
            yield second, self.clock.condition(relation, (event, second))

    def _led(self, relation: Relation, event: int) -> Iterator[tuple[int, Condition]]:
        """What leads to an event by a relation."""
        for first in self._pairs(relation)[1].get(event, ()):
            yield first, self.clock.condition(relation, (first, event))

    def _pairs(self, relation: Relation) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
        if id(relation) not in self._known:
            behind: dict[int, list[int]] = {}
            before: dict[int, list[int]] = {}
            for first, second in self.clock.pairs(relation):
                behind.setdefault(first, []).append(second)
                before.setdefault(second, []).append(first)
            self._known[id(relation)] = behind, before
        return self._known[id(relation)]

    def _behind(self, event: int) -> list[int]:
        """The points behind an event in its lane."""
        lane = self.clock.lane
        return [point for point in self.points if lane[point] == lane[event] and point > event]

    # ------------------------------------------------------------ pairs

    def _covered(self, pair: Pair, kind: Beginning, after: tuple[Relation, ...]) -> Literal:
        """That the first access is visible to the second, or executed before it."""
        if not self._after:
            self._join()
        found = self.formula.new(f"way{len(self.formula.names)}")
        for condition in self._ways(pair, kind, after):
            self.formula.implies(condition, [found], PAIR)
        return found

    def _ways(
        self, pair: Pair, kind: Beginning, after: tuple[Relation, ...]
    ) -> Iterator[tuple[Literal, ...]]:
        first, second = pair
        for relation in (FENCE, *self.barriers):
            yield (self.definitions.pair(relation, pair, True),)
        for point in self._behind(first):
            yield from self._orders(point, second)
        ends = [(second, condition) for _, condition in self._marked(second, second)]
        for relation in after:
            ends += self._led(relation, second)
        for last, condition in ends:
            yield self._way(self._start(kind, first, last), last), *condition
        if FENCED_BEFORE in after:
            for point in self.points:
                orders = list(self._orders(point, second))
                if orders:
                    yield from ((self._in_front(kind, first, point), *one) for one in orders)

    def _start(self, kind: Beginning, first: int, last: int) -> Start:
        return kind, first, self.clock.lane[last] if kind == Beginning.VISIBLE else 0

    def _orders(self, point: int, second: int) -> Iterator[tuple[Literal, ...]]:
        """That a point comes before one in front of an event as `rcu-order` says."""
        lane, happens = self.clock.lane, self.clock.nodes.happens
        for other in self.points:
            if lane[other] == lane[second] and other < second:
                way = self._way((Beginning.FRONT, point, 0), f"after_{other}")
                if way != FALSE:
                    yield way, happens(point), happens(other)

    def _in_front(self, kind: Beginning, first: int, point: int) -> Literal:
        """That a way leads to an event in front of a point."""
        start = self._start(kind, first, point)
        if (start, point) not in self._fronts:
            found = self._fronts[start, point] = self.formula.new(f"way{len(self.formula.names)}")
            for event in self.clock.marked:
                if self.clock.lane[event] == self.clock.lane[point] and event < point:
                    body = self._way(start, event), self.clock.nodes.happens(event)
                    self.formula.implies(body, [found], PAIR)
        return self._fronts[start, point]
