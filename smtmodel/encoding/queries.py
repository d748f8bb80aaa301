"""Questions about executions, each an extension of an encoding."""

from smtmodel.encoding import waiting
from smtmodel.encoding.formula import FALSE, TRUE, Literal
from smtmodel.encoding.objects import USING, Objects
from smtmodel.encoding.query import GOAL, Draft, Query
from smtmodel.encoding.state import Encoding, Literals
from smtmodel.events.graph import Kind, Stop
from smtmodel.language import checked as lang
from smtmodel.language.ast import When
from smtmodel.source.record import parts, replace


def complete(base: Encoding) -> Query:
    """An execution in which every lane runs to its end."""
    draft = Draft(base, "a complete execution")
    draft.when(When.FINALLY)
    return draft.query()


def steps(base: Encoding, wanted: frozenset[int]) -> Query:
    """An execution that begins one of the steps of these numbers."""
    draft = Draft(base, "steps that can happen")
    guards = [begun.guard for begun in base.graph.begun if begun.step in wanted]
    draft.require(draft.formula.any_of([draft.encoding.holds(guard) for guard in guards]))
    return draft.query()


def cut(base: Encoding, step: int) -> Query:
    """An execution that uses up the bound of the loop of this number."""
    draft = Draft(base, "loop bounds")
    bounds = [stop for stop in base.graph.stops if stop.name == "bound"]
    stops = [stop for stop in bounds if stop.where and stop.where.number == step]
    draft.require(draft.formula.any_of([_stands(draft, stop) for stop in stops]))
    return draft.query()


def _stands(draft: Draft, stop: Stop) -> Literal:
    """The literal that a lane goes no further than a stop, by the end."""
    encoding = draft.encoding
    parts = [encoding.holds(stop.guard), -encoding.holds(stop.passed)]
    first = draft.graph.lanes[stop.lane].first
    last = first - 1 if stop.after is None else stop.after
    # Which event is the lane's last before the stop depends on the path that it took.
    for number in range(last, first - 1, -1):
        absent = -encoding.happens(number)
        parts.append(draft.formula.any_of((absent, draft.happened(number))))
        if encoding.domains.implied(draft.graph.events[number].guard, stop.guard):
            break
    return draft.formula.all_of(parts)


# ---------------------------------------------------------------- properties


def _lanes(
    base: Encoding, kind: str | None, *expressions: lang.Expression | None
) -> list[str | None]:
    """The lanes for which a property is judged.

    Lanes of a kind other than the updaters run the same blocks in the same number of rounds,
    so the first stands for all, unless the property speaks of lanes or their numbers or the
    protocol treats them unlike one another.
    """
    if kind is None:
        return [None]
    names = [lane.lane.name for lane in base.graph.lanes if lane.lane.kind.name == kind]
    named = any(isinstance(one, lang.LaneLocal | lang.LaneNumber) for one in parts(expressions))
    return [*names] if named or _told_apart(base.graph.protocol, kind) else [*names[:1]]


def _told_apart(protocol: lang.Checked, kind: str) -> bool:
    """Whether the lanes of a kind differ: in their updates, in who interrupts them, in what they
    do with their numbers, or in when a `zap`, which empties one entry after another, gets to them.
    """
    if protocol.kind(kind).updates or protocol.kind(kind).interrupts is not None:
        return True
    if any(other.interrupts == kind for other in protocol.kinds):
        return True
    blocks = tuple(map(protocol.block, protocol.kind(kind).blocks))
    if any(isinstance(part, lang.LaneNumber) for part in parts(blocks)):
        return True
    zapped = {part.variable for part in parts(protocol.blocks) if isinstance(part, lang.Zap)}
    return any(protocol.variable(name).owner == kind for name in zapped)


def violation(base: Encoding, item: lang.Property) -> list[Query]:
    """The executions that violate a property; a disjunction of queries, none for goals."""
    match item:
        case lang.Never():
            lanes = _lanes(base, item.lanes, item.bad, item.condition)
            return [_never(base, item, lane, bad=True) for lane in lanes]
        case lang.Asserted():
            return [_asserted(base, item, failing=True)]
        case lang.BuiltIn(lang.DEADLOCK):
            return [waiting.deadlock(base)]
        case lang.BuiltIn(lang.USE_AFTER_FREE):
            return [_used_after_free(base)]
        case lang.BuiltIn(lang.LOCK_MISUSE):
            return [_misused(base)]
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
        case lang.Asserted(unreachable=True):
            return []
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
        draft = Draft(base, f"goal {item.name}", lane)
        draft.when(item.when)
        draft.require(draft.true(item.goal))
        found.append(draft.query())
    return found


def _never(base: Encoding, item: lang.Never, lane: str | None, *, bad: bool) -> Query:
    what = item.name if bad else f"the condition of {item.name}"
    draft = Draft(base, what, lane)
    draft.when(item.when)
    if item.condition is not None:
        draft.require(draft.true(item.condition))
    if bad:
        draft.require(draft.true(item.bad))
    else:
        draft.require(draft.defined(item.bad))
        if item.when is When.SETTLED:
            draft.require(draft.returned())
    return draft.query()


def _asserted(base: Encoding, item: lang.Asserted, *, failing: bool) -> Query:
    draft = Draft(base, item.name if failing else f"the step of {item.name}")
    ways, asserts = [], []
    for event in base.graph.events:
        if event.kind is Kind.ASSERT and event.name == item.name:
            asserts.append(event.number)
            assert event.condition is not None
            judged = -draft.encoding.true(event.condition) if failing else TRUE
            ways.append(draft.formula.all_of((draft.local(event), judged)))
    draft.judged = tuple(asserts)
    draft.require(draft.formula.any_of(ways))
    return draft.query()


def _reached(base: Encoding, item: lang.ReachStep) -> Query:
    draft = Draft(base, f"goal {item.name}")
    reaching = [event for event in base.graph.events if event.kind is Kind.REACH]
    draft.one_of([e for e in reaching if e.where and e.where.number in item.steps])
    return draft.query()


def _used_after_free(base: Encoding) -> Query:
    draft = Draft(base, lang.USE_AFTER_FREE)
    objects = Objects(draft.encoding)
    found = []
    for event in base.graph.events:
        if event.kind in USING or event.address is not None:
            used = objects.used(event)
            if used != FALSE:
                found.append(draft.formula.all_of((draft.happened(event.number), used)))
    draft.require(draft.formula.any_of(found))
    return draft.query()


def _misused(base: Encoding) -> Query:
    draft = Draft(base, lang.LOCK_MISUSE)
    events = base.graph.events
    judged = [event for event in events if event.kind is Kind.MISUSE]
    draft.judged = tuple(event.number for event in judged)
    ways = [draft.local(event) for event in judged]
    releases = [event for event in events if event.kind is Kind.UNLOCK]
    for free in (event for event in events if event.kind is Kind.FREE):
        for taking in (event for event in events if event.kind in (Kind.LOCK, Kind.TRY)):
            if taking.pointer is not None:
                held = draft.instants.holding(taking, releases, free.number)
                same = draft.instants.alike(taking, free)
                ways.append(draft.formula.all_of((draft.happened(free.number), held, same)))
    draft.require(draft.formula.any_of(ways))
    return draft.query()


def _stopped(base: Encoding, name: str) -> Query:
    draft = Draft(base, name)
    draft.stop = name
    stops = [stop for stop in base.graph.stops if stop.name == name]
    draft.require(draft.formula.any_of([_stands(draft, stop) for stop in stops]))
    return draft.query()


Read = tuple[lang.Expression, str | None]
"""A snapshot expression, and the lane whose entries it reads."""


def outcomes(base: Encoding, reads: tuple[Read, ...]) -> tuple[Query, list[Literals]]:
    """Complete executions, and for each expression the literals of its final values."""
    draft = Draft(base, "final states")
    draft.when(When.FINALLY)
    tables: list[Literals] = []
    for expression, lane in reads:
        draft.snapshot.lane = lane
        term = draft.snapshot.term(expression)
        draft.snapshot.constrain()
        tables.append(draft.encoding.of(term))
    return draft.query(), tables


def narrowed(query: Query, *literals: Literal) -> Query:
    """The query with further literals required; for draft again."""
    encoding = query.encoding.fork()
    for literal in literals:
        encoding.formula.add((literal,), GOAL)
    return replace(query, encoding=encoding)
