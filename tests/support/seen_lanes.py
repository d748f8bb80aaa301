"""Steps of a system with three lanes of a kind, compared with what its views say of them.

A walk through the larger system knows nothing of views: it follows edges from one state to the
next. Whatever a step does to what one lane sees, some move of the views has to do.
"""

from collections.abc import Collection, Iterator
from random import Random

from smtmodel.executions.valuation import evaluate
from smtmodel.executions.values import UNSET, Value
from smtmodel.language.checked import TOKEN_BASE, Checked
from smtmodel.source.record import record, replace
from smtmodel.systems import interference
from smtmodel.systems.arithmetic import Cell, value_of
from smtmodel.systems.canonical import State, canon
from smtmodel.systems.classes import numbers_of
from smtmodel.systems.close import compiled
from smtmodel.systems.groups import Grouping, Shape, Transition, marked, part
from smtmodel.systems.lanes import exchanged, same
from smtmodel.systems.system import Edge
from smtmodel.systems.translate import room_of
from smtmodel.systems.views import Views, belonging, views_of
from tests.support.certified import system

ACCOUNT = """\
protocol account
spinlock l
shared paid = 0
shared booked = 0
cache last { paid } per pay
thread pay {
    before = booked
    spin_lock(l)
    now = paid + 1
    paid = now
    e = last
    if (filled(e))
        more: assert e.paid < now
    last = { paid: now }
    booked = now
    spin_unlock(l)
    kept: assert before <= now
}
never ahead: booked > paid always
bounds pay 2
"""

TRIED = """\
protocol tried
spinlock l
shared out = 0
thread r {
    if (spin_trylock(l)) {
        spin_unlock(l)
    } else {
        atomic { out++ }
        n = out
        alone: assert n <= 1
        atomic { out-- }
    }
}
bounds r 2
"""


Numbers = dict[Cell, int]


def viewed(protocol: Checked) -> Views:
    found = views_of(protocol)
    assert isinstance(found, Views), found
    return found


@record
class Step:
    """What a lane sees before and after a step; `other` is what the lane of its kind sees that does
    it, if it is one."""

    before: State
    other: State | None
    after: State


class Walks:
    """Random walks of a protocol with three lanes of its one coupled kind; with `names`, as seen in
    the part of the views that these properties depend on."""

    def __init__(self, protocol: Checked, names: Collection[str] | None = None) -> None:
        whole = viewed(protocol)
        self.views = whole if names is None else whole.about(names)
        (self.kind,) = self.views.kinds
        self.changing = {number for edge in self.views.system.edges for number, _ in edge.updates}
        lanes = tuple(
            (name, 3 if name == self.kind.bound else count)
            for name, count in self.views.pair.protocol.bounds.lanes
        )
        bounds = replace(protocol.bounds, lanes=lanes)
        three = replace(self.views.pair.protocol, bounds=bounds)
        self.system = system(three)
        self.exchanges = {one.first: one for one in same(self.system)}
        self.hidden = belonging(room_of(three), {self.kind.seen + 2})
        self.canon = canon(self.views.system, ())
        cells = {one for one in numbers_of(self.views.system) if one[0] not in self.views.hidden}
        self.grouping = Grouping(self.views.system, frozenset(cells))
        self.edges: dict[tuple[int, Value], list[Edge]] = {}
        for edge in self.system.edges:
            self.edges.setdefault((edge.lane, edge.source), []).append(edge)

    def unexplained(self, seed: int, steps: int) -> list[tuple[int, Edge]]:
        """The steps of a walk that change what some lane sees as no move does, each with that
        lane."""
        random, wrong = Random(seed), []
        values = [quantity.initial for quantity in self.system.quantities]
        for _ in range(steps):
            able = list(self._able(values))
            if not able:
                break
            edge, after = random.choice(able)
            lanes = range(self.kind.seen, self.kind.seen + 3)
            views = {lane: self.seen(values, lane) for lane in lanes}
            for lane, before in views.items():
                others = edge.lane in views and edge.lane != lane
                step = Step(before, views[edge.lane] if others else None, self.seen(after, lane))
                moves = self._moves(step, own=edge.lane == lane)
                unchanged = step.before == step.after
                if not unchanged and not any(self._leads(step, move) for move in moves):
                    wrong.append((lane, edge))
            values = after
        return wrong

    def _able(self, values: list[Value]) -> Iterator[tuple[Edge, list[Value]]]:
        before = list(values)
        before[self.system.drawn] = values[self.system.fresh] + 1  # type: ignore[operator]
        for lane, place in enumerate(self.system.places):
            for edge in self.edges.get((lane, values[place]), ()):
                if all(compiled(guard)(before) for guard in edge.guards):
                    after = list(before)
                    for number, term in edge.updates:
                        after[number] = evaluate(term)(before)
                    after[self.system.drawn] = UNSET
                    yield edge, after

    def seen(self, values: list[Value], lane: int) -> State:
        """What a lane of the kind sees of a state with three."""
        first = self.kind.seen
        for number in range(lane - 1, first - 1, -1):
            values = exchanged(self.exchanges[number], values)
        made = [value for number, value in enumerate(values) if number not in self.hidden]
        for number in self.kind.exchange.holders:
            holder = made[number]
            assert isinstance(holder, int)
            made[number] = holder - (holder > first + 1)
        seen = next(iter(self.views.of([tuple(self.canon.renamed(made))])))
        start = [quantity.initial for quantity in self.views.system.quantities]
        pairs = enumerate(zip(seen, start, strict=True))
        return tuple(
            value if number in self.changing else first for number, (value, first) in pairs
        )

    def _moves(self, step: Step, *, own: bool) -> Iterator[Transition]:
        """What views say of steps from there: of the lane itself, of the other that it meets, or of
        lanes of other kinds."""
        grouping = self.grouping
        shape = grouping.shape(step.before)
        grouping.know(map(grouping.shape, (step.before, step.other or step.before, step.after)))
        if step.other is None:
            known = grouping.moves(shape)
            yield from (one for one in known if (one.edge.lane == self.kind.seen) == own)
            return
        met = grouping.shape(step.other)
        for one in interference.meetings(self.views, grouping, dict.fromkeys((shape, met))):
            if (one.shape, one.other.shape) == (shape, met):
                yield one.move

    def _leads(self, step: Step, move: Transition) -> bool:
        known, target = self._numbers(step), self.grouping.shape(step.after)
        if move.target != target or not value_of(move.guard, known):
            return False
        reached = {cell: value_of(number, known) for cell, number in move.numbers.items()}
        return reached == _numbers(step.after, target)

    def _numbers(self, step: Step) -> Numbers:
        """The numbers before a step, those of the other lane among them."""
        known = _numbers(step.before, self.grouping.shape(step.before))
        if step.other is not None:
            there = _numbers(step.other, self.grouping.shape(step.other))
            other = interference.Other(self.kind, step.other)
            known |= {other.cell(cell): n for cell, n in there.items() if cell[0] in self.kind.own}
        return known


def _numbers(state: State, shape: Shape) -> Numbers:
    """The numbers of a state; of a token, how many were drawn up to it."""
    found: Numbers = {}
    for cell in marked(shape):
        value = part(state, cell)  # type: ignore[arg-type]
        assert isinstance(value, int)
        found[cell] = value - TOKEN_BASE if value >= TOKEN_BASE else value
    return found
