"""Questions about the instants at which some lanes are over, for `cases`.

Takes an encoding and the kinds of the lanes; gives a query, and literals for what is asked of
its executions. A lane is over where it has run to its end, or stands for good at a false
`assume`, a used-up bound or an error, and all that it did has taken effect. One that waits for
ever is not over: that it does cannot be said at one instant.
"""

from smtmodel.encoding.formula import TRUE, Literal
from smtmodel.encoding.query import GOAL, Draft, Query
from smtmodel.encoding.state import Encoding
from smtmodel.events.graph import Kind
from smtmodel.language import checked as lang
from smtmodel.language.ast import When
from smtmodel.source.record import record


@record
class Instant:
    """What a property says at an instant, as literals.

    `hit`: its condition is defined and true; `bad`: so is then what it conditions; `judged`: that
    is at least defined (asked of `finally` alone); `cached`: one of the entries asked about is
    filled, or none was asked about; `settled`: no update is in progress; `begun`: one has begun.
    `updates`: there are any.
    """

    hit: Literal
    bad: Literal
    judged: Literal
    cached: Literal
    settled: Literal
    begun: Literal
    updates: bool


@record
class Failing:
    """For each assertion by name that it fails, and that one of them is reached, as literals."""

    fails: tuple[tuple[str, Literal], ...]
    reached: Literal


def instant(
    base: Encoding,
    item: lang.Never,
    lane: str | None,
    over: frozenset[str],
    entries: tuple[lang.Load, ...],
) -> tuple[Query, Instant]:
    """An instant at which the lanes of the kinds `over` are over; of `finally` a complete end."""
    draft = Draft(base, f"what {item.name} says", lane)
    ending = item.when is When.FINALLY
    if ending:
        draft.when(When.FINALLY)
    else:
        _after(draft, over)
    updates = draft.updates()
    for begin, end in updates:
        _apart(draft, begin.number)
        _apart(draft, end.number)
    condition = item.condition if item.condition is not None else lang.Constant(1)
    cached = draft.formula.any_of([draft.true(lang.Filled(load)) for load in entries])
    hit = draft.true(condition)
    found = Instant(
        hit,
        draft.formula.all_of((hit, draft.true(item.bad))),
        draft.formula.all_of((hit, draft.defined(item.bad))) if ending else hit,
        cached if entries else TRUE,
        draft.settled(),
        draft.formula.any_of([draft.happened(begin.number) for begin, _ in updates]),
        bool(updates),
    )
    return draft.query(), found


def failing(
    base: Encoding, items: tuple[lang.Asserted, ...], over: frozenset[str]
) -> tuple[Query, Failing]:
    """An instant at which the lanes of the kinds `over` are over, and what failed in them."""
    draft = Draft(base, "what the assertions say")
    _after(draft, over)
    names = {item.name for item in items}
    steps = {number for item in items for number in item.steps}
    ways: dict[str, list[Literal]] = {item.name: [] for item in items}
    reached: list[Literal] = []
    asserts = []
    for event in base.graph.events:
        if event.kind is Kind.ASSERT and event.name in names:
            asserts.append(event.number)
            assert event.condition is not None
            happens = draft.encoding.happens(event.number)
            false = -draft.encoding.true(event.condition)
            ways[event.name].append(draft.formula.all_of((happens, false)))
            reached.append(happens)
    # An assertion may stop the lane with an error before it is judged.
    stops = [s for s in base.graph.stops if s.where is not None and s.where.number in steps]
    reached += [draft.stopped(stop) for stop in stops]
    draft.judged = tuple(asserts)
    fails = tuple((name, draft.formula.any_of(found)) for name, found in ways.items())
    return draft.query(), Failing(fails, draft.formula.any_of(reached))


def _after(draft: Draft, over: frozenset[str]) -> None:
    """States that the lanes of these kinds are over at the end."""
    draft.when(When.ALWAYS)
    for number, column in enumerate(draft.graph.lanes):
        if column.lane.kind.name in over and column.defers is None:
            stops = [stop for stop in draft.graph.stops if stop.lane == number]
            ways = [draft.encoding.holds(column.end), *map(draft.stopped, stops)]
            draft.require(draft.formula.any_of(ways))
            for event in draft.graph.events[column.first : column.last]:
                happens = draft.encoding.happens(event.number)
                draft.require(draft.formula.any_of((-happens, draft.happened(event.number))))


def _apart(draft: Draft, event: int) -> None:
    """The end is before or after an event, so that having happened may be negated."""
    clock = draft.instants.clock
    before = draft.formula.before(clock, event, draft.node)
    draft.formula.add((before, draft.formula.before(clock, draft.node, event)), GOAL)
