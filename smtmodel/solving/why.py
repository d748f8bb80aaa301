"""Why a run goes wrong: the fewest facts about its order that leave it no other way.

Takes the solver's assignment of a refutation and the trace that the interpreter made of it;
gives a set of facts `this event before that one` from which none can be left out. How far each
lane comes and the choices of the run are kept, the order of events and the branches that they
lead to are not: with the facts, no execution of the model keeps the property (the solver says
unsatisfiable); without any one of them, some does, or the solver does not know. Explains
values, not deadlocks and errors of the run.
"""

from collections.abc import Iterable

from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.decode import Reader
from smtmodel.encoding.formula import Formula, Literal
from smtmodel.encoding.query import Query
from smtmodel.events.graph import Event, Kind
from smtmodel.events.terms import Chosen
from smtmodel.executions.trace import Moment, Trace
from smtmodel.language.checked import Property
from smtmodel.solving.asking import Problem
from smtmodel.solving.result import Place, Why
from smtmodel.solving.solver import Solver, Unsat

MOST = 60
"""Pairs of events that are looked at: each costs a question."""

Fact = tuple[Event, Event]

_SYNCHRONIZING = (
    *(Kind.LOCK, Kind.UNLOCK, Kind.TRY, Kind.ENTER, Kind.LEAVE),
    *(Kind.GRACE_BEGIN, Kind.GRACE_END, Kind.INTERRUPT, Kind.RESUME),
)


def explain(problem: Problem, item: Property, reader: Reader, trace: Trace) -> Why | None:
    """The explanation; None where there is none of this form, or the solver gives up."""
    found = [event for event in reader.events() if not event.is_local]
    candidates = _conflicts(found, reader)
    if not candidates or len(candidates) > MOST:
        return None
    for query in queries.harmless(problem.encoding, item):
        facts = _minimal(problem.solver, query, reader, found, candidates)
        if facts is not None:
            lanes = problem.encoding.graph.lanes
            names = {n: one.lane.name for n, one in enumerate(lanes) if one.defers is None}
            return _told(facts, reader, trace, names)
    return None


def _conflicts(found: list[Event], reader: Reader) -> list[Fact]:
    """The pairs of different lanes whose order can matter by itself, in the order of the run."""
    location = {
        event.number: next(
            place
            for place, literal in reader.encoding.touches(event.number).items()
            if reader.holds(literal)
        )
        for event in found
        if event.address is not None
    }
    pairs: list[Fact] = []
    for place, first in enumerate(found):
        for second in found[place + 1 :]:
            if first.lane == second.lane:
                continue
            writes = any(event.kind in (Kind.WRITE, Kind.RMW) for event in (first, second))
            here, there = location.get(first.number), location.get(second.number)
            same = here is not None and here == there and writes
            both = first.kind in _SYNCHRONIZING and second.kind in _SYNCHRONIZING
            if same or (both and first.name == second.name):
                pairs.append((first, second))
    return pairs


def _minimal(
    solver: Solver, query: Query, reader: Reader, found: list[Event], candidates: list[Fact]
) -> list[Fact] | None:
    """The facts that are left when none can be left out; None if all of them are not enough."""
    formula = query.encoding.formula
    clock = reader.clock
    kept = _kept(query, reader, found)
    order = {fact: formula.before(clock, fact[0].number, fact[1].number) for fact in candidates}
    text = smtlib.script(formula, query.first)
    with solver.extended(text):
        solver.keep(smtlib.clauses(formula, [(literal,) for literal in kept]))
        if not _forced(solver, formula, order.values()):
            return None
        facts = list(candidates)
        for fact in reversed(candidates):
            rest = [one for one in facts if one is not fact]
            if _forced(solver, formula, [order[one] for one in rest]):
                facts = rest
        return facts


def _forced(solver: Solver, formula: Formula, literals: Iterable[Literal]) -> bool:
    """Whether with these literals nothing but what goes wrong is left."""
    units = [(literal,) for literal in literals]
    return isinstance(solver.ask(smtlib.clauses(formula, units), model=False), Unsat)


def _kept(query: Query, reader: Reader, found: list[Event]) -> list[Literal]:
    """That the lanes come as far as in the run before the end, with its choices.

    What a lane does on another path than the run's, but not beyond its last event there, may
    happen; what it waited for has come.
    """
    encoding, formula = query.encoding, query.encoding.formula
    run = {event.number for event in found}
    last = {event.lane: event.number for event in sorted(found, key=lambda e: e.number)}
    literals: list[Literal] = []
    for event in encoding.graph.events:
        if event.is_local:
            continue
        before = formula.before(reader.clock, event.number, query.end)
        happens = encoding.happens(event.number)
        if event.number > last.get(event.lane, -1):
            literals.append(-formula.all_of((happens, before)))
        elif event.number in run and event.kind in _SYNCHRONIZING:
            literals.append(formula.all_of((happens, before)))
        else:
            literals.append(formula.any_of((-happens, before)))
    for number, choice in enumerate(encoding.graph.choices):
        if reader.guard(choice.guard):
            literals.append(encoding.of(Chosen(number))[reader.choice(number)])
    return literals


# ---------------------------------------------------------------- as steps of the run


def _told(facts: list[Fact], reader: Reader, trace: Trace, names: dict[int, str]) -> Why | None:
    """The facts about the steps of the table; `names` are those of the lanes.

    What is put into a store buffer has its place where it takes effect, which is no step. None
    where the table does not show an event of the facts by itself.
    """
    found = [event for event in reader.events() if not event.is_local]
    rows: dict[int, int | None] = {}
    numbers = _numbers(trace.moments)
    places: dict[int, Place] = {}
    for lane in sorted({event.lane for event in found} & names.keys()):
        own = sorted((e for e in found if e.lane == lane and not e.ghost), key=lambda e: e.number)
        name = names[lane]
        moments = [
            (moment, number)
            for moment, number in zip(trace.moments, numbers, strict=True)
            if moment.lane == name and moment.event not in ("flush", "local")
        ]
        for event, (moment, number) in zip(own, moments, strict=False):
            text = moment.where.text if moment.where is not None else moment.event
            later = reader.buffered(event)
            rows[event.number] = number
            places[event.number] = Place(
                None if later else number, name, f"the effect of `{text}`" if later else text
            )
        if len(own) != len(moments):
            return None
    if any(event.number not in places for fact in facts for event in fact):
        return None
    told = dict.fromkeys((places[a.number], places[b.number]) for a, b in facts)
    known = tuple(fact for fact in told if not any(_follows(fact, other) for other in told))
    fixed = {rows[event.number] for fact in facts for event in fact}
    every = dict.fromkeys(number for number in numbers if number is not None)
    return Why(known, tuple(number for number in every if number not in fixed))


def _follows(fact: tuple[Place, Place], other: tuple[Place, Place]) -> bool:
    """Whether a fact about whole steps follows from another one and the order of each lane."""
    (a, b), (c, d) = fact, other
    if fact == other or (a.lane, b.lane) != (c.lane, d.lane):
        return False
    numbers = (a.number, c.number, d.number, b.number)
    if any(number is None for number in numbers):
        return False
    first, later, sooner, last = (number or 0 for number in numbers)
    return first <= later and sooner <= last


def _numbers(moments: Iterable[Moment]) -> list[int | None]:
    """For each moment the number of its step in the table, None where it has none."""
    found: list[int | None] = []
    latest: dict[str, int] = {}
    steps = 0
    for moment in moments:
        if moment.where is None or moment.event == "flush":
            found.append(None)
            continue
        if moment.begins:
            steps += 1
            latest[moment.lane] = steps
        found.append(latest.get(moment.lane))
    return found
