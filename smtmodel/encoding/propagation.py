"""The kernel's model on one clock: when events are executed, and when writes reach each lane.

Takes the place of the axioms `happens-before`, `propagation` and `rcu` of `smtmodel.models.lkmm`,
which say the same of closures, pair by pair. Here each edge is stated once, between events and
points in between, and the clock is the closure.

- *reached* (lane, x): the write x has reached the lane. In its own lane that is x itself. What
  `cumul-fence` orders reaches each lane in that order; what a lane's event overwrites or reads past
  reaches the lane later; what a lane reads has reached it.
- *seen* (lane, c): all that c has seen, itself or what it reads from, has reached the lane.
- *everywhere* (c): it has reached every lane. Only then is what a full barrier keeps behind c.
- *before*, *after* (g): of the ends of sections and grace periods, what is in front and behind.

Why this says what the axioms say. A path from an event of a lane through points of that lane is a
pair of `prop`: back to an event of the lane it is one of `hb`, and to what is behind a full
barrier one of `pb`. `prop \\ id` is no less: where a path leads back to its start, it ends with a
step that is in `hb`, and without it is one of `prop` to another event of the lane. What reads past
or overwrites a write overwrites read-modify-writes of it too, so `rmw-sequence` may begin
anywhere. A cycle through no event is one of `cumul-fence`, whose steps are in `hb` from where a
lane is come to until it is left. Sections and grace periods are ordered one way or the other: that
this is what `rcu-order` says is the law of the paper on the model (Frightening Small Children
and Disconcerting Grown-ups), proved there for RCU. For domains, and as a whole, tests compare the
two forms.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from smtmodel.encoding.components import components
from smtmodel.encoding.contraction import Condition, Step, contracted, reduced
from smtmodel.encoding.definitions import Definitions
from smtmodel.encoding.formula import Literal, Node, Reason
from smtmodel.encoding.nodes import pairs
from smtmodel.executions.matrices import Pair, rows
from smtmodel.models.lkmm.events import (
    LKR,
    MARKED,
    PAIRED,
    RCU_RSCS,
    RFE,
    SRCU_RSCS,
    SYNC_RCU,
    SYNC_SRCU,
    UL,
)
from smtmodel.models.lkmm.fences import PO_REL, STRONG, WMB
from smtmodel.models.lkmm.order import OVERWRITE, PPO
from smtmodel.models.terms import (
    EXT,
    LOC,
    PO,
    RF,
    Intersection,
    Relation,
    Union,
    then,
)
from smtmodel.source.bits import bits
from smtmodel.source.record import record

CLOCK = "executed"
ORDER = Reason("what is executed, and what reaches a lane, comes in one order")

LOCAL = then(MARKED, Union((PPO, RFE)), MARKED)
READ = then(MARKED, RFE, MARKED)
OVERWRITTEN = then(MARKED, Intersection(OVERWRITE, EXT), MARKED)
CUMULATIVE = then(MARKED, Union((STRONG, PO_REL)), MARKED)
WRITES = then(MARKED, WMB, MARKED)
STRONGLY = then(MARKED, STRONG, MARKED)
MODIFIED = then(MARKED, RF, PAIRED)
HANDED_OVER = then(UL, Union((PO, RF)), LKR)
KINDS = ((SYNC_RCU, RCU_RSCS, None), (SYNC_SRCU, SRCU_RSCS, LOC))

Way = tuple[Node, Node]
Edge = tuple[Node, Node, Relation | None, tuple[int, ...]]
"""From a point to another where these events happen: a pair of a relation, if one is given."""


@record
class Section:
    """A read section and a grace period that must not lie within it; `same`: if in one domain."""

    grace: int
    start: int
    end: int
    matched: Relation
    same: Relation | None

    @property
    def ways(self) -> tuple[Way, Way]:
        """The section ends before the grace period does, or begins after that has begun."""
        return (
            (f"before_{self.end}", f"after_{self.grace}"),
            (f"before_{self.grace}", f"after_{self.start}"),
        )


Kept = Callable[[Node, Node], bool]
"""Whether an edge matters."""


def ends(edges: Iterable[Edge]) -> list[Way]:
    """From where to where the edges lead."""
    return [(first, second) for first, second, *_ in edges]


def ways(sections: Iterable[Section]) -> list[Way]:
    return [way for section in sections for way in section.ways]


def points(sections: Iterable[Section]) -> set[int]:
    """The ends of sections and grace periods."""
    return {x for section in sections for x in (section.grace, section.start, section.end)}


class Propagation:
    """The clock over the definitions of one test under the shipped model, or a view of it.

    `barriers`: pairs that the view makes fences, and full barriers where their ends are marked.
    """

    barriers: tuple[Relation, ...] = ()

    def __init__(self, definitions: Definitions) -> None:
        self.definitions = definitions
        self.nodes = definitions.nodes
        self.formula = definitions.formula
        events = (1 << len(self.nodes.events)) - 1
        self.marked = set(bits(definitions.extents.members(MARKED)[0] & events))
        self.lane = [event.lane for event in self.nodes.events]
        self.lanes = range(len(self.nodes.encoding.graph.lanes))
        self._sections: list[Section] | None = None
        self._helping: dict[tuple[frozenset[int], bool], list[Edge]] = {}
        self._conditions: dict[tuple[int, tuple[int, ...]], Condition] = {}

    def require(self, *, strong: bool, grace: bool) -> None:
        """States the order; `strong`, `grace`: with what full barriers say, and grace periods."""
        sections = self.sections() if grace else []
        helping = self.edges(points(sections), strong=strong)
        local = self.pairs(LOCAL)
        number = components([*local, *ends(helping), *ways(sections)])

        def cyclic(first: Node, second: Node) -> bool:
            return number[first] == number[second]

        steps = self.steps(local, helping, cyclic)
        for section in sections:
            if self.is_bound(section, cyclic):
                steps += [step for step in self.law(section) if cyclic(*step[:2])]
        for first, second, condition in contracted(reduced(steps)):
            head = [] if first == second else [self.formula.before(CLOCK, first, second)]
            self.formula.implies(condition, head, ORDER)
        self.definitions.finish()

    def edges(self, around: set[int], *, strong: bool) -> list[Edge]:
        """The edges between points, found once."""
        key = frozenset(around), strong
        if key not in self._helping:
            self._helping[key] = list(self.helping(around, strong=strong))
        return self._helping[key]

    def helping(self, around: set[int], *, strong: bool) -> Iterator[Edge]:
        """The edges between points, one of which at least is no event."""
        yield from (*self._reaching(), *self._handed_over(), *self._behind_seen())
        if strong:
            yield from self._strong()
            yield from self._surrounding(around)
        yield from self._seeing(self.looking(around))

    def is_bound(self, section: Section, cyclic: Kept) -> bool:
        """Whether it matters which way is chosen: what lies on no cycle may always be."""
        return all(cyclic(*way) for way in section.ways)

    def steps(self, local: list[Pair], helping: list[Edge], kept: Kept) -> list[Step]:
        """The edges that are kept, with what each depends on."""
        steps = self._local([pair for pair in local if kept(*pair)])
        for first, second, relation, pair in helping:
            if kept(first, second):
                steps.append((first, second, self.condition(relation, pair)))
        return steps

    def pairs(self, term: Relation) -> list[Pair]:
        """Pairs of events that may be in a relation: no helping point is about initial writes."""
        events = len(self.nodes.events)
        found = pairs(self.nodes.matrices, self.definitions.extents.relation(term)[0])
        return [(a, b) for a, b in found if a < events and b < events]

    def condition(self, relation: Relation | None, events: tuple[int, ...]) -> Condition:
        """On what an edge depends."""
        key = id(relation), events
        if key not in self._conditions:
            self._conditions[key] = self._condition(relation, events)
        return self._conditions[key]

    def _condition(self, relation: Relation | None, events: tuple[int, ...]) -> Condition:
        happen = frozenset(map(self.nodes.happens, events))
        if relation is None:
            return happen
        first, last = events
        return happen | {self._pair(relation, (first, last))}

    def _pair(self, relation: Relation, pair: Pair) -> Literal:
        return self.definitions.pair(relation, pair, True)

    # ------------------------------------------------------------ within lanes, and read from

    def _local(self, found: list[Pair]) -> list[Step]:
        """What is executed in order because of the lane, or of a read of another's write."""
        _, least = self.definitions.extents.relation(LOCAL)
        cyclic = self.nodes.matrices.joined(rows(found, self.nodes.size))
        kept = pairs(self.nodes.matrices, cyclic & ~self.definitions.implied(least & cyclic))
        return [(*pair, self.condition(LOCAL, pair)) for pair in kept]

    # ------------------------------------------------------------ reaching lanes

    def reached(self, lane: int, event: int) -> Node:
        return event if self.lane[event] == lane else f"reached_{lane}_{event}"

    def _seen(self, lane: int, event: int) -> Node:
        return event if self.lane[event] == lane else f"seen_{lane}_{event}"

    def _reaching(self) -> Iterator[Edge]:
        """What reaches a lane after what."""
        for first, second in self.pairs(OVERWRITTEN):
            lane = self.lane[first]
            yield first, self.reached(lane, second), OVERWRITTEN, (first, second)
        for relation in (WRITES, MODIFIED):
            for pair in self.pairs(relation):
                for lane in self.lanes:
                    ends = self.reached(lane, pair[0]), self.reached(lane, pair[1])
                    yield *ends, relation, pair
        for write, read in self.pairs(READ):
            yield self.reached(self.lane[read], write), read, READ, (write, read)

    def _seeing(self, events: Iterable[int]) -> Iterator[Edge]:
        """What an event has seen: itself, and what it reads from."""
        sources: dict[int, list[int]] = {}
        for write, read in self.pairs(READ):
            sources.setdefault(read, []).append(write)
        for event in events:
            for lane in self.lanes:
                seen = self._seen(lane, event)
                yield seen, f"everywhere_{event}", None, (event,)
                if seen == event:
                    continue
                yield self.reached(lane, event), seen, None, (event,)
                for write in sources.get(event, ()):
                    yield self.reached(lane, write), seen, READ, (write, event)

    def _behind_seen(self) -> Iterator[Edge]:
        """What is ordered behind all that an event has seen."""
        for pair in self.pairs(CUMULATIVE):
            for lane in self.lanes:
                yield self._seen(lane, pair[0]), self.reached(lane, pair[1]), CUMULATIVE, pair

    def _strong(self) -> Iterator[Edge]:
        """What is executed when all that an event has seen has reached every lane."""
        for first, second in self.pairs(STRONGLY):
            yield f"everywhere_{first}", second, STRONGLY, (first, second)

    def looking(self, points: set[int]) -> set[int]:
        """The events of which it matters what they have seen."""
        found = {first for term in (CUMULATIVE, STRONGLY) for first, _ in self.pairs(term)}
        lanes = {self.lane[point] for point in points}
        return found | {event for event in self.marked if self.lane[event] in lanes}

    # ------------------------------------------------------------ in front of and behind

    def _handed_over(self) -> Iterator[Edge]:
        """What is in front of the release of a lock reaches a lane before what is behind the
        lock's being taken next."""
        found = self.pairs(HANDED_OVER)
        for lane in self.lanes if found else ():
            reached = {event: self.reached(lane, event) for event in self.marked}
            front, behind = f"unlocked_{lane}", f"locked_{lane}"
            yield from self.in_front(front, {u for u, _ in found}, reached)
            yield from self.behind(behind, {taken for _, taken in found}, reached)
            for pair in found:
                yield f"{front}_{pair[0]}", f"{behind}_{pair[1]}", HANDED_OVER, pair

    def _surrounding(self, points: set[int]) -> Iterator[Edge]:
        """What has reached every lane in front of the points, and what is executed behind them."""
        everywhere: dict[int, Node] = {event: f"everywhere_{event}" for event in self.marked}
        yield from self.in_front("before", points, everywhere)
        itself: dict[int, Node] = {event: event for event in self.marked}
        yield from self.behind("after", points, itself)
        for point in points & self.marked:
            yield f"after_{point}", point, None, (point,)

    def in_front(self, name: str, points: set[int], of: Mapping[int, Node]) -> Iterator[Edge]:
        """From what is in front of a point to that point's node, or by way of an earlier one's."""
        last: dict[int, Node] = {}
        for event in reversed(self.nodes.events):
            number, lane = event.number, event.lane
            if lane in last and number in of:
                yield of[number], last[lane], None, (number,)
            if number in points:
                node = f"{name}_{number}"
                if lane in last:
                    yield node, last[lane], None, ()
                last[lane] = node

    def behind(self, name: str, points: set[int], of: Mapping[int, Node]) -> Iterator[Edge]:
        """To what is behind a point from that point's node, or by way of a later one's."""
        last: dict[int, Node] = {}
        for event in self.nodes.events:
            number, lane = event.number, event.lane
            if lane in last and number in of:
                yield last[lane], of[number], None, (number,)
            if number in points:
                node = f"{name}_{number}"
                if lane in last:
                    yield last[lane], node, None, ()
                last[lane] = node

    # ------------------------------------------------------------ sections

    def sections(self) -> list[Section]:
        """The sections and grace periods between which there is an order."""
        if self._sections is None:
            self._sections = list(self._of_one_domain())
        return self._sections

    def _of_one_domain(self) -> Iterator[Section]:
        for synchronized, matched, same in KINDS:
            graces = bits(self.definitions.extents.members(synchronized)[0])
            for start, end in self.pairs(matched) if graces else ():
                for grace in graces:
                    if same is None or self._may(same, (grace, start)):
                        yield Section(grace, start, end, matched, same)

    def _may(self, relation: Relation, pair: Pair) -> bool:
        most, _ = self.definitions.extents.relation(relation)
        return bool(most >> pair[0] * self.nodes.matrices.width >> pair[1] & 1)

    def held(self, section: Section) -> set[Literal]:
        """That they happen, and belong together."""
        happen = map(self.nodes.happens, (section.grace, section.start, section.end))
        body = {*happen, self._pair(section.matched, (section.start, section.end))}
        if section.same is not None:
            body.add(self._pair(section.same, (section.grace, section.start)))
        return body

    def law(self, section: Section) -> Iterable[Step]:
        """The section ends before the grace period does, or begins after that has begun."""
        body = self.held(section)
        ends = self.formula.new(f"ends_{section.end}_{section.grace}_{section.start}")
        for choice, way in zip((ends, -ends), section.ways, strict=True):
            yield *way, frozenset((*body, choice))
