"""What is visible or made before what, for plain accesses, on the graph of `propagation.py`.

Covers pairs of the definitions `ww-vis`, `wr-vis` and `rw-xbstar` of `smtmodel.models.lkmm.races`,
which axioms and flags ask about. From what bounds the first access ways lead along the edges of the
graph to what bounds the second. `vis` begins where its write has reached the lane in which it ends,
`xbstar` at an event.

Few ways matter to a question, so that a literal which covers a pair is free at first. Where a
solver's assignment has it false, and some clause needs that, ways are looked for that hold in the
assignment. If there is one, it is stated that what it depends on covers the pair, and the solver is
asked again. Where none is found, the other literals may be true as well: no clause needs them to be
false, and the assignment is one of all that could be stated.

Here it does not do that sections and grace periods are in some order, for what is in no order is a
race. So `rcu-order` is followed as it is defined, between the ends of sections and grace periods:
one after another where links lead from one to the other. A link is a way through the graph,
which these orders belong to.
"""

from collections.abc import Iterable, Iterator
from enum import Enum

from smtmodel.encoding.contraction import Condition
from smtmodel.encoding.definitions import PAIR
from smtmodel.encoding.formula import FALSE, TRUE, Clause, Literal, Node
from smtmodel.encoding.propagation import LOCAL, Edge, Propagation, Section, ends, points
from smtmodel.encoding.ways import Edges, HoldingGraph, Holds, Ways
from smtmodel.executions.matrices import Pair
from smtmodel.models.lkmm.events import ADDR, MARKED, R4RMB, SYNC_RCU, SYNC_SRCU, fenced
from smtmodel.models.lkmm.fences import FENCE, NONRW, STRONG
from smtmodel.models.lkmm.races import READS_RMB, RETURNING
from smtmodel.models.terms import Relation, Union, then
from smtmodel.source.bits import bits
from smtmodel.source.record import record

FENCED = then(FENCE, MARKED)
STRONGLY = then(STRONG, MARKED)
READ_BEFORE = then(Union((NONRW, then(RETURNING, fenced(READS_RMB), R4RMB))), MARKED)
FENCED_BEFORE = then(MARKED, Union((ADDR, FENCE)))
READ_AFTER = then(MARKED, Union((ADDR, NONRW, then(R4RMB, fenced(READS_RMB), RETURNING))))


class Beginning(Enum):
    """With what ways begin: a write that is visible, an event, what lies around a point."""

    VISIBLE = "a write that is visible"
    EXECUTED = "an event that is executed"
    FRONT = "what is in front of a point"
    BEHIND = "what is behind a point"


Start = tuple[Beginning, int, int]
"""From where ways are followed: an event or the end of a section, and the lane in which a write is
to be visible."""


@record
class Covered:
    """A pair of accesses and the literal that covers it; `after`: what bounds the second one."""

    literal: Literal
    pair: Pair
    kind: Beginning
    after: tuple[Relation, ...]

    @property
    def writes(self) -> bool:
        """Whether the second access is a write."""
        return FENCED_BEFORE in self.after


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
        self.sections = clock.sections()
        self.points = sorted(points(self.sections) | self.graces)
        self.edges: dict[Node, Edges] | None = None
        self._covered: list[Covered] = []
        self._naming: dict[Literal, list[Clause]] = {}
        self._looked_through = 0
        self._known: dict[int, tuple[dict[int, list[int]], dict[int, list[int]]]] = {}

    def cover(self) -> None:
        """From here on the definitions take their pairs from here."""
        writes = (FENCED_BEFORE, *self.led)
        covering = self.definitions.covering
        covering["ww-vis"] = lambda pair: self._cover(pair, Beginning.VISIBLE, writes)
        covering["wr-vis"] = lambda pair: self._cover(pair, Beginning.VISIBLE, (READ_AFTER,))
        covering["rw-xbstar"] = lambda pair: self._cover(pair, Beginning.EXECUTED, writes)

    def _cover(self, pair: Pair, kind: Beginning, after: tuple[Relation, ...]) -> Literal:
        """That the first access is visible to the second, or executed before it."""
        found = self.formula.new(f"way{len(self.formula.names)}")
        self._covered.append(Covered(found, pair, kind, after))
        self._naming[found] = []
        return found

    # ------------------------------------------------------------ what is to be stated

    def refine(self, holds: Holds) -> None:
        """States what an assignment of the clauses so far breaks; nothing if it breaks nothing."""
        refused = self._refused(holds)
        known = len(self.formula.clauses)
        if refused and self.edges is None:
            self.edges = self._joined()
        if len(self.formula.clauses) > known:
            return  # of what the edges depend on, the assignment knows nothing
        seen = WaysInAssignment(self, holds)
        for one in refused:
            condition = seen.way(one)
            if condition is not None:
                self.formula.implies(condition, [one.literal], PAIR)

    def _refused(self, holds: Holds) -> list[Covered]:
        """Those which do not hold, and cannot without breaking a clause."""
        self._look_through()
        raised: set[Literal] = set()
        refused: list[Covered] = []
        for one in self._covered:
            if holds(one.literal):
                continue
            needed = (clause for clause in self._naming[one.literal])
            if any(_rests(clause, one.literal, raised, holds) for clause in needed):
                refused.append(one)
            else:
                raised.add(one.literal)
        return refused

    def _look_through(self) -> None:
        """Finds the clauses that need such literals to be false."""
        for clause in self.formula.clauses[self._looked_through :]:
            for literal in clause:
                if -literal in self._naming:
                    self._naming[-literal].append(clause)
        self._looked_through = len(self.formula.clauses)

    # ------------------------------------------------------------ the graph

    def _joined(self) -> dict[Node, Edges]:
        """The edges that lie on ways that may be asked for, with what they depend on."""
        clock = self.clock
        around: list[Edge] = [(f"before_{x}", f"after_{x}", None, (x,)) for x in self.graces]
        helping = [*clock.edges(set(self.points), strong=True), *around]
        local = clock.pairs(LOCAL)
        begin, end = self._bounds()
        lead = [*local, *ends(helping)]
        kept = _come_to(lead, begin) & _come_to(((b, a) for a, b in lead), end)
        found: dict[Node, Edges] = {}
        for first, second, condition in clock.steps(
            local, helping, lambda first, second: first in kept and second in kept
        ):
            found.setdefault(first, []).append((second, condition - {TRUE}))
        return found

    def _bounds(self) -> tuple[set[Node], set[Node]]:
        """Where ways may begin, and end; what they depend on there is stated for all."""
        around: set[Node] = {f"{side}_{x}" for side in ("before", "after") for x in self.points}
        begin, end = set(around), set(around)
        for one in self._covered:
            begin |= {point for start in self.starts(one) for point, _ in self.begun(start)}
            end |= {last for last, _ in self.ends(one)}
            if one.writes and self.points:
                end |= self.clock.marked
            self.direct(one)
        return begin, end

    # ------------------------------------------------------------ ways

    def begun(self, start: Start) -> Iterator[tuple[Node, Condition]]:
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
                for point in self.behind(event):
                    yield f"before_{point}", frozenset({happens(point)})

    def ends(self, one: Covered) -> list[tuple[int, Condition]]:
        """By which events ways come to the second access."""
        second = one.pair[1]
        found = [(second, condition) for _, condition in self._marked(second, second)]
        for relation in one.after:
            found += self._led(relation, second)
        return found

    def direct(self, one: Covered) -> list[Literal]:
        """Fences from the one access to the other."""
        fences = (FENCE, *self.barriers)
        found = (self.definitions.pair(relation, one.pair, True) for relation in fences)
        return [literal for literal in found if literal != FALSE]

    def starts(self, one: Covered) -> Iterable[Start]:
        """Where ways to the second access may begin."""
        last = {event for event, _ in self.ends(one)}
        lanes = {self.clock.lane[x] for x in (*last, *(self.points if one.writes else ()))}
        return dict.fromkeys(self.start(one, lane) for lane in sorted(lanes))

    def start(self, one: Covered, lane: int) -> Start:
        """Where ways that end in a lane begin."""
        return one.kind, one.pair[0], lane if one.kind == Beginning.VISIBLE else 0

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

    def behind(self, event: int) -> list[int]:
        """The points behind an event in its lane."""
        lane = self.clock.lane
        return [point for point in self.points if lane[point] == lane[event] and point > event]

    def in_front(self, event: int) -> list[int]:
        """The points in front of an event in its lane."""
        lane = self.clock.lane
        return [point for point in self.points if lane[point] == lane[event] and point < event]


class WaysInAssignment:
    """The ways that there are in one assignment."""

    def __init__(self, visibility: Visibility, holds: Holds) -> None:
        self.visibility = visibility
        self.clock = visibility.clock
        self.holds = holds
        self.graph = HoldingGraph(visibility.edges or {}, holds)
        self._ways: dict[Start, Ways] = {}
        self._order()

    def way(self, one: Covered) -> Condition | None:
        """What a way from the one access to the other depends on, one of few conditions."""
        found = list(self._found(one))
        return min(found, key=len) if found else None

    def _found(self, one: Covered) -> Iterator[Condition]:
        first, second = one.pair
        lane = self.clock.lane
        for literal in self.visibility.direct(one):
            if self.holds(literal):
                yield frozenset({literal})
        for point in self.visibility.behind(first):
            yield from self._orders(point, second)
        for last, condition in self.visibility.ends(one):
            way = self._from(self.visibility.start(one, lane[last])).to(last)
            if way is not None and self.graph.hold(condition):
                yield way | condition
        for point in self.visibility.points if one.writes else ():
            for order in self._orders(point, second):
                ways = self._from(self.visibility.start(one, lane[point]))
                yield from (way | order for way in self._before(ways, point))

    def _from(self, start: Start) -> Ways:
        if start not in self._ways:
            self._ways[start] = Ways(self.visibility.begun(start), self.graph)
        return self._ways[start]

    def _before(self, ways: Ways, point: int) -> Iterator[Condition]:
        """The ways to events in front of a point."""
        for event in self.clock.marked:
            if self.clock.lane[event] == self.clock.lane[point] and event < point:
                happens = self.clock.nodes.happens(event)
                way = ways.to(event)
                if way is not None and self.holds(happens):
                    yield way | {happens}

    # ------------------------------------------------------------ sections and grace periods

    def _order(self) -> None:
        """Joins what `rcu-order` joins: a section and a grace period, with links from one to the
        other, by way of others that are joined."""
        waiting = [edge for one in self.visibility.sections for edge in self._ordered(one)]
        before = len(waiting) + 1
        while len(waiting) < before:
            before = len(waiting)
            links = [(edge, self._from(edge[0]).to(edge[1])) for edge in waiting]
            for (_, _, first, second, held), link in links:
                if link is not None:
                    self.graph.add(first, second, held | link)
            waiting = [edge for edge, link in links if link is None]
            self._ways.clear()

    def _ordered(self, one: Section) -> Iterator[tuple[Start, Node, Node, Node, Condition]]:
        """A link and the edge that there is with it, if all happens and belongs together."""
        held = frozenset(self.clock.held(one))
        if self.graph.hold(held):
            front, back = f"before_{one.end}", f"after_{one.start}"
            start, grace = (Beginning.BEHIND, one.start, 0), (Beginning.BEHIND, one.grace, 0)
            yield grace, front, f"before_{one.grace}", back, held
            yield start, f"before_{one.grace}", front, f"after_{one.grace}", held

    def _orders(self, point: int, second: int) -> Iterator[Condition]:
        """That a point comes before one in front of an event as `rcu-order` says."""
        happens = self.clock.nodes.happens
        for other in self.visibility.in_front(second):
            both = frozenset({happens(point), happens(other)})
            if self.graph.hold(both):
                way = self._from((Beginning.FRONT, point, 0)).to(f"after_{other}")
                if way is not None:
                    yield way | both


def _rests(clause: Clause, literal: Literal, raised: set[Literal], holds: Holds) -> bool:
    """Whether nothing else satisfies a clause that a literal's negation is in."""
    return not any(
        -other not in raised and (other in raised or holds(other))
        for other in clause
        if other != -literal
    )


def _come_to(edges: Iterable[tuple[Node, Node]], begin: set[Node]) -> set[Node]:
    """The points to which ways lead."""
    following: dict[Node, list[Node]] = {}
    for first, second in edges:
        following.setdefault(first, []).append(second)
    found, waiting = set(begin), list(begin)
    while waiting:
        for other in following.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
