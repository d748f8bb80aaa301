"""Cuts of the kernel's order, on the graph whose cycles `propagation.py` forbids.

Takes the place of the axiom `cut` of `smtmodel.models.lkmm.instants`. An event is *late* if it
comes after a write that is not yet there where a property looks at memory. What is late makes late
what comes after it, along the edges of the graph, which are stated once; the pairs of `cut-order`
are its ways from event to event. Plain accesses, which are on no clock, are reached from the graph,
and lead into it by the fences behind them.

Whether a section ends before a grace period or begins after it is chosen once, for the clock and
for what is late. Some choice suits both: let what is not late come before all that is late. If
that broke the law, a cycle would lead through grace periods and sections, of these no more than
of those, and so would a part of it, from what is late to what is not; `rb`, or what `rcu-fence`
says of a plain access, would lead there. A part of a cycle counts so in one domain only; with
several the axiom is stated pair by pair.
"""

from collections.abc import Iterator

from smtmodel.encoding.components import components
from smtmodel.encoding.contraction import Step, contracted, reduced
from smtmodel.encoding.definitions import Definitions
from smtmodel.encoding.formula import Literal, Node, Reason
from smtmodel.encoding.propagation import (
    KINDS,
    LOCAL,
    Edge,
    Kept,
    Propagation,
    Section,
    ends,
    points,
    ways,
)
from smtmodel.models.lkmm.events import MARKED, PLAIN
from smtmodel.models.lkmm.fences import FENCE, STRONG
from smtmodel.models.lkmm.instants import (
    AT_A_CUT,
    IN_TURN,
    IN_UPDATE,
    PLACED,
    SNAP,
    UNFINISHED,
)
from smtmodel.models.terms import FR, RF, Product, Union, then
from smtmodel.source.bits import bits

LOOK = -1
"""Where memory is looked at, as a point: what is read comes before it, what is late behind."""
LATE = Reason("what comes after a write that memory does not have yet is not there either")

BESIDE = Union((PLACED, then(PLAIN, FENCE), then(FENCE, PLAIN), IN_TURN))
STRONGLY_PLAIN = then(MARKED, STRONG, PLAIN)
READ = then(RF, SNAP)
MISSED, NOT_OVER = then(SNAP, FR), Product(SNAP, UNFINISHED)


class Cuts(Propagation):
    """The same clock, and what is late; `settled`: where no update is in progress."""

    def __init__(self, definitions: Definitions, *, settled: bool = False) -> None:
        super().__init__(definitions)
        self.whole = (IN_UPDATE,) if settled else ()
        self.missed = (MISSED, NOT_OVER) if settled else (MISSED,)
        self.plain = set(bits(definitions.extents.members(PLAIN)[0])) & set(
            range(len(self.nodes.events))
        )
        self._late: dict[Node, Literal] = {}
        self._laws: dict[Section, list[Step]] = {}
        self._leads: Kept = lambda first, second: False

    def require(self, *, strong: bool, grace: bool) -> None:
        """States the order, and that memory is looked at where a cut is."""
        sections = self.sections() if grace else []
        if len(sections) < self._sections_of_one_domain():
            super().require(strong=strong, grace=grace)
            self.definitions.require(AT_A_CUT)
            return
        local = self.pairs(LOCAL)
        helping = [*self.edges(points(sections), strong=strong), *self._further(sections)]
        number = components([*local, *ends(helping), *ways(sections)])
        self._leads = lambda *way: all(number[point] == number.get(LOOK) for point in way)
        super().require(strong=strong, grace=grace)
        steps = reduced(self.steps(local, helping, self._leads))
        for section in sections:
            steps += [step for step in self.law(section) if self._leads(*step[:2])]
        self._spread(steps)
        self.definitions.finish()

    def _sections_of_one_domain(self) -> int:
        """How many pairs of a section and a grace period there are if all have one domain."""
        sections = sum(len(self.pairs(matched)) for _, matched, _ in KINDS)
        members = self.definitions.extents.members
        return sections * sum(members(graces)[0].bit_count() for graces, _, _ in KINDS)

    def is_bound(self, section: Section, cyclic: Kept) -> bool:
        """Also where one way would make something late."""
        return super().is_bound(section, cyclic) or any(self._leads(*way) for way in section.ways)

    def law(self, section: Section) -> list[Step]:
        """One choice for both."""
        if section not in self._laws:
            self._laws[section] = list(super().law(section))
        return self._laws[section]

    def looking(self, around: set[int]) -> set[int]:
        """Also those which a full barrier keeps before a plain access."""
        return super().looking(around) | {first for first, _ in self.pairs(STRONGLY_PLAIN)}

    # ------------------------------------------------------------ further edges

    def _further(self, sections: list[Section]) -> Iterator[Edge]:
        """What `cut-order` has beside the clock, and where memory is looked at."""
        for pair in self.pairs(BESIDE):
            yield *pair, BESIDE, pair
        for first, second in self.pairs(STRONGLY_PLAIN):
            yield f"everywhere_{first}", second, STRONGLY_PLAIN, (first, second)
        around, plain = points(sections), {event: event for event in self.plain}
        yield from self.in_front("before", around, plain)
        yield from self.behind("after", around, plain)
        for inside in self.whole:
            for first, second in self.pairs(inside):
                if first != second:
                    yield first, second, inside, (first, second)
                    yield second, first, inside, (first, second)
        for write, read in self.pairs(READ):
            yield write, LOOK, READ, (write, read)
        for relation in self.missed:
            for read, other in self.pairs(relation):
                yield LOOK, other, relation, (read, other)

    # ------------------------------------------------------------ what is late

    def _spread(self, steps: list[Step]) -> None:
        for first, second, condition in contracted(steps):
            body = [*condition, *([] if first == LOOK else [self._is_late(first)])]
            head = [] if second == LOOK else [self._is_late(second)]
            self.formula.implies(body, head, LATE)

    def _is_late(self, point: Node) -> Literal:
        if point not in self._late:
            self._late[point] = self.formula.new(f"late_{point}")
        return self._late[point]
