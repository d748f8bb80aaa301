"""Why a run goes wrong: the fewest facts about its order that leave it no other way.

Takes the solver's assignment of a refutation and the trace that the interpreter made of it;
gives a set of facts `this before that` from which none can be left out, told about steps of the
table where the whole steps are in order, else about single events of them. Every execution in
which each lane comes as far as in the run (`_Reach`), with the run's choices, and the facts hold
violates the property there (the solver says unsatisfiable). A fact is about what happens: it says
of no step that its lane comes to it, so that the facts force the branches as well. Where they
cannot, or with nothing that the table shows, the explanation is about the executions with the
run's branches, and says so (`Why.paths`).
Without any one of the facts some execution keeps the property: the solver finds it, and the
interpreter makes it and judges it before the fact is told.

Explains values, not deadlocks and errors of the run. Where it gives up it says for what reason.
"""

from collections.abc import Callable, Iterable, Sequence

from smtmodel.encoding import smtlib
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.formula import TRUE, Formula, Literal
from smtmodel.encoding.query import GOAL, Draft, Query
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Event, Kind
from smtmodel.events.terms import Chosen
from smtmodel.executions.trace import Trace, numbers
from smtmodel.language.checked import Asserted, Never, Property
from smtmodel.solving.asking import Problem
from smtmodel.solving.places import EventNames, FactSide, location_of, table
from smtmodel.solving.result import Place, Why
from smtmodel.solving.solver import Answer, Sat, Solver, Unknown, Unsat
from smtmodel.source.record import record

MOST = 60
"""Pairs of events that are looked at: each costs a question."""

_UPDATES = (Kind.BEGIN, Kind.RETURN)
_SYNCHRONIZING = (
    *(Kind.LOCK, Kind.UNLOCK, Kind.TRY, Kind.ENTER, Kind.LEAVE),
    *(Kind.GRACE_BEGIN, Kind.GRACE_END, Kind.INTERRUPT, Kind.RESUME, Kind.MASK, Kind.UNMASK),
)
_RELEASES = (Kind.UNLOCK, Kind.LEAVE, Kind.RESUME, Kind.UNMASK)


Fact = tuple[FactSide, FactSide]


@record
class _Reach:
    """How far the lanes come in a run: those in `ended` to their ends, the others up to the event
    of number `last`, by lane. `moved` are those that the machine has moved at all. What a lane
    holds at its last event would leave the others no other order, so that nothing would be said
    of it. So each may also release it, where that is what comes next, and those in `failed` may
    go on: their assertion has been judged by then."""

    last: dict[int, int]
    ended: frozenset[int]
    moved: frozenset[int]
    failed: frozenset[int]


@record
class Unconfirmed:
    """The interpreter does not bear out what the solver says of a changed order."""


@record
class Unexplained:
    """There is no explanation, for this reason."""

    reason: str


Confirm = Callable[[Reader], bool]
"""Whether the interpreter makes an execution, and finds the property kept at its end."""


def explain(
    problem: Problem, item: Property, reader: Reader, trace: Trace, confirm: Confirm
) -> Why | Unknown | Unexplained | Unconfirmed:
    """The explanation, or why there is none."""
    found = [event for event in reader.events() if not event.is_local]
    candidates = _conflicts(found, reader)
    if len(candidates) > MOST:
        return Unexplained(f"more than {MOST} pairs of events could matter")
    reach = _reach(reader, item, found, trace)
    if reach is None:
        return Unexplained("a store still waits in a buffer")
    query = _kept(problem.encoding, item, reach)
    if query is None:
        return Unexplained("only values are explained, not deadlocks and errors of the run")
    asked = _Asked(problem.solver, query, confirm)
    with problem.solver.extended(smtlib.script(query.encoding.formula, query.first)):
        asked.keep(_limits(query, reader, found, reach))
        told = table(reader, found, trace, reach.ended)
        return _explained(asked, found, candidates, told, trace)


def _explained(
    asked: "_Asked",
    found: list[Event],
    candidates: list[tuple[Event, Event]],
    told: dict[int, EventNames],
    trace: Trace,
) -> Why | Unknown | Unexplained | Unconfirmed:
    """The facts in the words of the table; the solver holds what the executions share."""
    order = {event.number: place for place, event in enumerate(found)}
    events = [(_alone(first), _alone(second)) for first, second in candidates]

    def shown(facts: Sequence[Fact]) -> list[Fact | None]:
        return [_shown(fact, told, order) for fact in facts]

    facts, paths = asked.least(events), False
    if facts is None or (isinstance(facts, list) and None in shown(facts)):
        paths = True
        asked.keep([asked.encoding.happens(event.number) for event in found])
        facts = asked.least(events)
    if isinstance(facts, list):
        sides = shown(facts)
        if None in sides:
            return Unexplained("it rests on an event that the table does not show")
        facts = asked.least(list(dict.fromkeys(side for side in sides if side is not None)))
    if facts is None:
        return Unexplained("no order of the events that the table shows forces it")
    if not isinstance(facts, list):
        return facts
    facts = sorted(
        facts, key=lambda fact: [min(order[n] for n in side.events if n in order) for side in fact]
    )
    return asked.confirmed(facts) or _why(facts, told, trace, paths=paths)


def _alone(event: Event) -> FactSide:
    return FactSide(Place(None, "", ""), (event.number,))


def _conflicts(found: list[Event], reader: Reader) -> list[tuple[Event, Event]]:
    """The pairs of different lanes whose order can matter by itself: in the order of the run,
    those of accesses before those of locks, which are left out first."""
    location = {event.number: location_of(reader, event) for event in found}
    sampled = any(event.kind is Kind.SETTLED for event in found)
    pairs: list[tuple[Event, Event]] = []
    for place, first in enumerate(found):
        for second in found[place + 1 :]:
            if first.lane == second.lane:
                continue
            writes = any(event.kind in (Kind.WRITE, Kind.RMW) for event in (first, second))
            here, there = location.get(first.number), location.get(second.number)
            same = here is not None and here == there and writes
            both = first.kind in _SYNCHRONIZING and second.kind in _SYNCHRONIZING
            lock = both and first.name == second.name
            if same or lock or (sampled and _sampled(first, second)):
                pairs.append((first, second))
    return sorted(pairs, key=lambda pair: pair[0].kind in _SYNCHRONIZING)


def _sampled(first: Event, second: Event) -> bool:
    """Whether the order of two events can matter for what a `settled(…)` yields: where it stands
    among updates and writes, and which updates are in progress at once."""
    kinds = {first.kind, second.kind}
    if Kind.SETTLED in kinds:
        return bool(kinds & {*_UPDATES, Kind.WRITE, Kind.RMW})
    return kinds <= set(_UPDATES)


# ---------------------------------------------------------------- as far as in the run


def _reach(reader: Reader, item: Property, found: list[Event], trace: Trace) -> _Reach | None:
    """How far the lanes come; None where something of theirs is still in a store buffer."""
    graph = reader.graph
    last = {event.lane: event.number for event in sorted(found, key=lambda e: e.number)}
    here = {event.number for event in found}
    names = {move.lane for move in trace.schedule.moves}
    ended: set[int] = set()
    for number, lane in enumerate(graph.lanes):
        own = [e for e in graph.events[lane.first : lane.last] if not e.is_local]
        happen = [e.number for e in own if reader.happens(e)]
        if any(e < last.get(number, -1) and e not in here for e in happen):
            return None
        moved = lane.lane.name in names and lane.defers is None
        if moved and reader.guard(lane.end) and all(e in here for e in happen):
            ended.add(number)
    moved_lanes = {n for n, lane in enumerate(graph.lanes) if lane.lane.name in names}
    return _Reach(last, frozenset(ended), frozenset(moved_lanes), _failed(reader, item))


def _failed(reader: Reader, item: Property) -> frozenset[int]:
    """The lanes in which an assertion fails."""
    return frozenset(
        event.lane
        for event in reader.events()
        if event.kind is Kind.ASSERT and event.name == item.name and event.condition is not None
        if not reader.holds(reader.encoding.true(event.condition))
    )


def _kept(base: Encoding, item: Property, reach: _Reach | None) -> Query | None:
    """The executions that keep a property where the lanes have come so far; None for those that
    are not about values."""
    draft = Draft(base, f"{item.name} is kept")
    match item:
        case Never():
            lanes = [x.lane for x in base.graph.lanes if x.defers is None]
            names = [lane.name for lane in lanes if lane.kind.name == item.lanes]
            draft.when(item.when)
            for name in names if item.lanes is not None else [None]:
                draft.snapshot.lane = name
                met = TRUE if item.condition is None else draft.true(item.condition)
                draft.require(-draft.formula.all_of((met, draft.true(item.bad))))
        case Asserted() if reach is not None:
            for event in base.graph.events:
                if event.kind is Kind.ASSERT and event.name == item.name:
                    draft.require(_good(draft, event, reach))
        case _:
            return None
    return draft.query()


def _good(draft: Draft, event: Event, reach: _Reach) -> Literal:
    """The literal that an assertion holds, or is not judged before the end.

    It is judged together with the lane's event before it.
    """
    if event.lane not in reach.moved:
        return TRUE
    encoding, lane = draft.encoding, draft.graph.lanes[event.lane]
    assert event.condition is not None
    ways = [-encoding.happens(event.number), encoding.true(event.condition)]
    if event.lane not in reach.ended:
        for other in draft.graph.events[lane.first : event.number]:
            if other.number > reach.last.get(event.lane, -1) and not other.is_local:
                after = draft.formula.before(draft.instants.clock, draft.node, other.number)
                ways.append(after)
    return draft.formula.any_of(ways)


def _limits(query: Query, reader: Reader, found: list[Event], reach: _Reach) -> list[Literal]:
    """That the lanes come as far as in the run before the end, with its choices.

    A lane that has ended there ends, on whatever path. Another does, on whatever path, all that
    comes up to its last event in the order of the text; nothing before keeps it. One that has
    not failed does nothing later but the releases that come next. The outcome of a try is no
    choice.
    """
    encoding, formula = query.encoding, query.encoding.formula
    here = {event.number for event in found}
    literals: list[Literal] = []
    for number, lane in enumerate(encoding.graph.lanes):
        last = len(encoding.graph.events) if number in reach.ended else reach.last.get(number, -1)
        if number in reach.ended:
            literals.append(encoding.holds(lane.end))
        for event in encoding.graph.events[lane.first : lane.last]:
            happens = encoding.happens(event.number)
            if event.is_local:
                continue
            if event.number > last and (number in reach.failed or event.kind in _RELEASES):
                continue
            if event.number > last:
                after = formula.before(reader.clock, query.end, event.number)
                literals.append(formula.any_of((-happens, after)))
                continue
            before = formula.before(reader.clock, event.number, query.end)
            literals.append(formula.any_of((-happens, before)))
            if lane.defers is not None and event.number in here:
                literals.append(happens)
        for wait in encoding.graph.waits:
            if lane.first <= wait.event < lane.last and wait.event <= last:
                passed = (-encoding.holds(wait.guard), encoding.happens(wait.event))
                literals.append(formula.any_of(passed))
        for stop in encoding.graph.stops:
            if stop.lane == number and (-1 if stop.after is None else stop.after) < last:
                passed = (-encoding.holds(stop.guard), encoding.holds(stop.passed))
                literals.append(formula.any_of(passed))
    for number, choice in enumerate(encoding.graph.choices):
        if choice.scheduled and reader.guard(choice.guard):
            literals.append(encoding.of(Chosen(number))[reader.choice(number)])
    return literals


# ---------------------------------------------------------------- facts that force it


class _Asked:
    """Questions about one query, which the solver holds."""

    def __init__(self, solver: Solver, query: Query, confirm: Confirm) -> None:
        self.solver = solver
        self.query = query
        self.confirm = confirm
        self.encoding = query.encoding
        self.formula: Formula = query.encoding.formula
        clock = query.encoding.model.instants
        assert clock is not None
        self.clock: str = clock
        self.sent = len(self.formula.clauses)

    def keep(self, literals: Iterable[Literal]) -> None:
        """From here on these hold."""
        for literal in literals:
            self.formula.add((literal,), GOAL)
        text = smtlib.script(self.formula, self.sent)
        self.sent = len(self.formula.clauses)
        self.solver.keep(text)

    def least(self, facts: Sequence[Fact]) -> list[Fact] | Unknown | None:
        """Those that are left when none can be left out, the last tried first; None if all are
        not enough."""
        left, answer = list(facts), self._kept(facts)
        for fact in reversed(facts):
            if not isinstance(answer, Unsat):
                break
            rest = [one for one in left if one is not fact]
            without = self._kept(rest)
            left = rest if isinstance(without, Unsat) else left
            answer = without if isinstance(without, Unknown) else answer
        if isinstance(answer, Unknown):
            return answer
        return left if isinstance(answer, Unsat) else None

    def confirmed(self, facts: Sequence[Fact]) -> Unknown | Unconfirmed | None:
        """What keeps one of the facts from being told; None if the interpreter confirms them all.

        It makes for each an execution that keeps the others, and finds the property kept.
        """
        for fact in facts:
            answer = self._kept([one for one in facts if one is not fact], model=True)
            if isinstance(answer, Unknown):
                return answer
            if not isinstance(answer, Sat) or not self.confirm(
                Reader(self.query, answer.assignment)
            ):
                return Unconfirmed()
        return None

    def _kept(self, facts: Iterable[Fact], *, model: bool = False) -> Answer:
        """Whether, and how, the property can be kept with these facts."""
        units = [(self._literal(fact),) for fact in facts]
        self.keep([])
        return self.solver.ask(smtlib.clauses(self.formula, units), model=model)

    def _literal(self, fact: Fact) -> Literal:
        """That whatever happens of the first is before whatever happens of the second.

        Neither need happen: that a lane comes to a step is to follow, not to be assumed.
        """
        first, second = ([(n, self._meant(n, side)) for n in side.events] for side in fact)
        parts = [
            self.formula.any_of((-one, -other, self.formula.before(self.clock, a, b)))
            for a, one in first
            for b, other in second
        ]
        return self.formula.all_of(parts)

    def _meant(self, event: int, side: FactSide) -> Literal:
        """That an event happens and is what the words of its side name."""
        happens = self.encoding.happens(event)
        if side.location is None:
            return happens
        touches = self.encoding.touches(event)[side.location]
        return self.formula.all_of((happens, touches))


def _shown(fact: Fact, told: dict[int, EventNames], order: dict[int, int]) -> Fact | None:
    """A fact about single events as the table tells it: of whole steps where they are in order."""
    ((a,), (b,)) = (side.events for side in fact)
    if a not in told or b not in told:
        return None
    for first in (told[a].whole, told[a].single):
        for second in (told[b].whole, told[b].single):
            if first is None or second is None:
                continue
            before = [order[n] for n in first.events if n in order]
            after = [order[n] for n in second.events if n in order]
            if max(before) < min(after):
                return first, second
    return None


def _why(facts: list[Fact], told: dict[int, EventNames], trace: Trace, *, paths: bool) -> Why:
    used = {told[n].row for fact in facts for side in fact for n in side.events if n in told}
    every = dict.fromkeys(n for n in numbers(trace.moments) if n is not None)
    pairs = tuple((first.place, second.place) for first, second in facts)
    return Why(pairs, tuple(number for number in every if number not in used), paths)
