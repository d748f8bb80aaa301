"""Questions about executions, each an extension of an encoding.

A query is satisfiable where some execution does what it asks. It names the point on the
clock at which this has happened (`end`): what comes after it need not be looked at.
"""

from smtmodel.encoding.formula import FALSE, TRUE, Literal, Reason
from smtmodel.encoding.instants import Instants
from smtmodel.encoding.snapshot import Snapshot
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.events.graph import Event, Kind, Stop
from smtmodel.language import checked as lang
from smtmodel.language.ast import When
from smtmodel.source.record import parts, record, replace

GOAL = Reason("the question that is asked")


@record
class Query:
    """`first` is the number of the first clause that the question adds to the encoding.

    `final`: the end is that of a complete execution.
    """

    what: str
    encoding: Encoding
    first: int
    end: str
    final: bool = False


class _Asking:
    """A query under construction."""

    def __init__(self, base: Encoding, what: str, lane: str | None = None) -> None:
        self.what = what
        self.first = len(base.formula.clauses)
        self.encoding = base.fork()
        self.formula = self.encoding.formula
        self.graph = self.encoding.graph
        self.instants = Instants(self.encoding)
        self.snapshot = Snapshot(self.encoding, lane)
        self.node = str(self.snapshot.node)
        self.final = False

    def require(self, *literals: Literal) -> None:
        """States that each of these holds."""
        for literal in literals:
            self.formula.add((literal,), GOAL)

    def true(self, expression: lang.Expression) -> Literal:
        """The literal that a snapshot expression is defined and true."""
        term = self.snapshot.term(expression)
        self.snapshot.constrain()
        return self.encoding.split(term)[0]

    def defined(self, expression: lang.Expression) -> Literal:
        """The literal that a snapshot expression is defined."""
        term = self.snapshot.term(expression)
        self.snapshot.constrain()
        return self.formula.any_of(self.encoding.split(term))

    def happened(self, event: int) -> Literal:
        """The literal that an event happens, at the latest at the end."""
        before = self.formula.before(self.instants.clock, event, self.node)
        return self.formula.all_of((self.encoding.happens(event), before))

    def complete(self) -> list[Literal]:
        """The literals that every lane runs to its end."""
        return [self.encoding.holds(lane.end) for lane in self.graph.lanes]

    def settled(self) -> Literal:
        """The literal that no update is in progress at the end."""
        parts = []
        for begin, end in self._updates():
            later = self.formula.before(self.instants.clock, self.node, begin.number)
            absent = -self.encoding.happens(begin.number)
            parts.append(self.formula.any_of((absent, later, self.happened(end.number))))
        return self.formula.all_of(parts)

    def returned(self) -> Literal:
        """The literal that some update has returned at the end."""
        return self.formula.any_of([self.happened(end.number) for _, end in self._updates()])

    def _updates(self) -> list[tuple[Event, Event]]:
        begins = [e for e in self.graph.events if e.kind is Kind.BEGIN]
        ends = {(e.lane, e.round): e for e in self.graph.events if e.kind is Kind.RETURN}
        return [(begin, ends[begin.lane, begin.round]) for begin in begins]

    def when(self, when: When) -> None:
        """Places the end at an instant at which a property of this kind is judged."""
        match when:
            case When.ALWAYS:
                self.snapshot.outside_atomic()
            case When.SETTLED:
                self.snapshot.outside_atomic()
                self.require(self.settled())
            case When.FINALLY:
                self.final = True
                self.require(*self.complete())
                self.snapshot.after_everything()

    def query(self) -> Query:
        return Query(self.what, self.encoding, self.first, self.node, self.final)


def complete(base: Encoding) -> Query:
    """An execution in which every lane runs to its end."""
    asking = _Asking(base, "a complete execution")
    asking.when(When.FINALLY)
    return asking.query()


def steps(base: Encoding, wanted: frozenset[int]) -> Query:
    """An execution that begins one of the steps of these numbers."""
    asking = _Asking(base, "steps that can happen")
    guards = [begun.guard for begun in base.graph.begun if begun.step in wanted]
    asking.require(asking.formula.any_of([asking.encoding.holds(guard) for guard in guards]))
    return asking.query()


def cut(base: Encoding, step: int) -> Query:
    """An execution that uses up the bound of the loop of this number."""
    asking = _Asking(base, "loop bounds")
    found = [s for s in base.graph.stops if s.name == "bound" and s.where is not None]
    stops = [s for s in found if s.where is not None and s.where.number == step]
    asking.require(asking.formula.any_of([_stands(asking, stop) for stop in stops]))
    return asking.query()


def _stands(asking: _Asking, stop: Stop) -> Literal:
    """The literal that a lane goes no further than a stop, by the end."""
    encoding = asking.encoding
    parts = [encoding.holds(stop.guard), -encoding.holds(stop.passed)]
    first = asking.graph.lanes[stop.lane].first
    last = first - 1 if stop.after is None else stop.after
    # Which event is the lane's last before the stop depends on the path that it took.
    for number in range(last, first - 1, -1):
        absent = -encoding.happens(number)
        parts.append(asking.formula.any_of((absent, asking.happened(number))))
        if encoding.domains.implied(asking.graph.events[number].guard, stop.guard):
            break
    return asking.formula.all_of(parts)


# ---------------------------------------------------------------- properties


def _lanes(
    base: Encoding, kind: str | None, *expressions: lang.Expression | None
) -> list[str | None]:
    """The lanes for which a property is judged.

    Lanes of a kind other than the updaters run the same blocks in the same number of rounds,
    so the first stands for all, unless the property names lanes itself.
    """
    if kind is None:
        return [None]
    names = [lane.lane.name for lane in base.graph.lanes if lane.lane.kind.name == kind]
    updates = base.graph.protocol.kind(kind).updates
    if updates or any(isinstance(part, lang.LaneLocal) for part in parts(expressions)):
        return [*names]
    return [*names[:1]]


def violation(base: Encoding, item: lang.Property) -> list[Query]:
    """The executions that violate a property; a disjunction of queries, none for goals."""
    match item:
        case lang.Never():
            lanes = _lanes(base, item.lanes, item.bad, item.condition)
            return [_never(base, item, lane, bad=True) for lane in lanes]
        case lang.Asserted():
            return [_asserted(base, item, failing=True)]
        case lang.BuiltIn(lang.DEADLOCK):
            return [_deadlock(base)]
        case lang.BuiltIn():
            return [_stopped(base, item.name)]
        case lang.Reach() | lang.ReachStep():
            return []


def premise(base: Encoding, item: lang.Property) -> list[Query]:
    """The executions without which a proof of a property would be vacuous."""
    match item:
        case lang.Never():
            lanes = _lanes(base, item.lanes, item.bad, item.condition)
            return [_never(base, item, lane, bad=False) for lane in lanes]
        case lang.Asserted():
            return [_asserted(base, item, failing=False)]
        case lang.Reach() | lang.ReachStep():
            return goal(base, item)
        case lang.BuiltIn():
            return []


def goal(base: Encoding, item: lang.Reach | lang.ReachStep) -> list[Query]:
    """The executions that reach a goal."""
    if isinstance(item, lang.ReachStep):
        return [_reached(base, item)]
    found = []
    for lane in _lanes(base, item.lanes, item.goal):
        asking = _Asking(base, f"goal {item.name}", lane)
        asking.when(item.when)
        asking.require(asking.true(item.goal))
        found.append(asking.query())
    return found


def _never(base: Encoding, item: lang.Never, lane: str | None, *, bad: bool) -> Query:
    what = item.name if bad else f"the condition of {item.name}"
    asking = _Asking(base, what, lane)
    asking.when(item.when)
    if item.condition is not None:
        asking.require(asking.true(item.condition))
    if bad:
        asking.require(asking.true(item.bad))
    else:
        asking.require(asking.defined(item.bad))
        if item.when is When.SETTLED:
            asking.require(asking.returned())
    return asking.query()


def _asserted(base: Encoding, item: lang.Asserted, *, failing: bool) -> Query:
    asking = _Asking(base, item.name if failing else f"the step of {item.name}")
    ways = []
    for event in base.graph.events:
        if event.kind is Kind.ASSERT and event.name == item.name:
            assert event.condition is not None
            judged = -asking.encoding.true(event.condition) if failing else TRUE
            ways.append(asking.formula.all_of((asking.happened(event.number), judged)))
    asking.require(asking.formula.any_of(ways))
    return asking.query()


def _reached(base: Encoding, item: lang.ReachStep) -> Query:
    asking = _Asking(base, f"goal {item.name}")
    found = [
        asking.happened(event.number)
        for event in base.graph.events
        if event.kind is Kind.REACH and event.where and event.where.number == item.step
    ]
    asking.require(asking.formula.any_of(found))
    return asking.query()


def _stopped(base: Encoding, name: str) -> Query:
    asking = _Asking(base, name)
    stops = [stop for stop in base.graph.stops if stop.name == name]
    asking.require(asking.formula.any_of([_stands(asking, stop) for stop in stops]))
    return asking.query()


def _deadlock(base: Encoding) -> Query:
    """Every lane has ended or waits for what will not come, and one has not ended."""
    asking = _Asking(base, lang.DEADLOCK)
    encoding, formula = asking.encoding, asking.formula
    for stop in base.graph.stops:
        passed = formula.any_of((-encoding.holds(stop.guard), encoding.holds(stop.passed)))
        asking.require(passed)
    for wait in base.graph.waits:
        event = base.graph.events[wait.event]
        asking.require(
            formula.any_of(
                (
                    -encoding.holds(wait.guard),
                    encoding.happens(wait.event),
                    _blocked(asking, event),
                )
            )
        )
    asking.require(-formula.all_of(asking.complete()))
    asking.snapshot.after_everything()
    return asking.query()


def _blocked(asking: _Asking, event: Event) -> Literal:
    """The literal that what a lane waits for does not come, once nothing else can happen."""
    encoding, formula, events = asking.encoding, asking.formula, asking.graph.events

    def open_after(start: Event, kind: Kind) -> Literal:
        ends = [e for e in events if e.kind is kind and start.number in e.partners]
        return formula.all_of([-encoding.happens(e.number) for e in ends])

    ways: list[Literal] = []
    for other in events:
        if other.lane == event.lane or other.name != event.name:
            continue
        if event.kind is Kind.LOCK and other.kind in (Kind.LOCK, Kind.TRY):
            held = (asking.instants.taken(other), open_after(other, Kind.UNLOCK))
            ways.append(formula.all_of(held))
        if event.kind is Kind.GRACE_END and other.kind is Kind.ENTER:
            entered = asking.instants.before(other.number, event.partners[0])
            inside = (encoding.happens(other.number), open_after(other, Kind.LEAVE), entered)
            ways.append(formula.all_of(inside))
    return formula.any_of(ways) if ways else FALSE


Read = tuple[lang.Expression, str | None]
"""A snapshot expression, and the lane whose entries it reads."""


def outcomes(base: Encoding, reads: tuple[Read, ...]) -> tuple[Query, list[Literals]]:
    """Complete executions, and for each expression the literals of its final values."""
    asking = _Asking(base, "final states")
    asking.when(When.FINALLY)
    tables: list[Literals] = []
    for expression, lane in reads:
        asking.snapshot.lane = lane
        term = asking.snapshot.term(expression)
        asking.snapshot.constrain()
        tables.append(asking.encoding.of(term))
    return asking.query(), tables


def narrowed(query: Query, *literals: Literal) -> Query:
    """The query with further literals required; for asking again."""
    encoding = query.encoding.fork()
    for literal in literals:
        encoding.formula.add((literal,), GOAL)
    return replace(query, encoding=encoding)
