"""Enumerates the cases of one subject with the solver.

Takes what `smtmodel.analysis.cases` asks about; yields what it promises. A case is found, its
class is excluded, until the solver says that there is no other. A property of the subject that
no case violates is then asked about as the prover does: where the fault never comes to its end,
or other blocks run too, it may be violated after all.
"""

from collections.abc import Iterable, Iterator, Sequence

from smtmodel.analysis.cases import (
    About,
    Assertions,
    Case,
    CaseOutcome,
    Claim,
    Complete,
    FaultRead,
    Found,
    entries,
    one_of_each,
)
from smtmodel.analysis.outcomes import (
    STALE,
    asked,
    beyond,
    confirmed,
    fault,
    narrowed,
    violated,
)
from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.decode import Assignment, Reader
from smtmodel.encoding.domains import INITIAL, TooManyValues
from smtmodel.encoding.formula import Literal
from smtmodel.events.building import TooLarge
from smtmodel.events.graph import Event, EventGraph, FieldOf, Kind
from smtmodel.events.terms import Returned
from smtmodel.executions.replay import Replayed
from smtmodel.executions.trace import Change, Moment, Schedule
from smtmodel.language.ast import When
from smtmodel.language.checked import Bounds, Cell, Checked, Never, Property
from smtmodel.language.step_names import StepNames
from smtmodel.models import Model
from smtmodel.solving.asking import Asking, Finding
from smtmodel.solving.result import Limits, Missing, Run, given_up
from smtmodel.solving.shrink import Shrunk, smallest
from smtmodel.solving.solver import Sat, Solver, Unknown
from smtmodel.solving.witness import Contradiction, rerun, shown
from smtmodel.source.record import record, replace


@record
class _Key:
    """A class of executions: for each read the write it reads from (None: it does not happen)
    and the literals of its value; the outcome, and the assertions that fail."""

    sources: tuple[int | None, ...]
    values: tuple[tuple[Literal, ...], ...]
    outcome: CaseOutcome
    fails: tuple[str, ...]


class Finder:
    """The cases of one subject."""

    def __init__(
        self,
        protocol: Checked,
        model: Model,
        bounds: Bounds,
        limits: Limits,
        names: tuple[str, ...],
        about: About,
    ) -> None:
        self.whole = protocol
        self.blocks = fault(protocol, about)
        self.protocol = narrowed(protocol, about, self.blocks, names)
        self.limits = limits
        self.model = model
        self.names = names
        self.about = about
        own = set(self.blocks)
        self.kinds = frozenset(k.name for k in protocol.kinds if own & set(k.blocks))
        self.bounds = one_of_each(self.protocol, bounds)
        self.most = one_of_each(protocol, bounds)
        self.asking = Asking(self.protocol, model, limits)
        self.unknown = ""

    def run(self) -> Iterator[Found]:
        yield Claim(self.names, self.blocks, self.bounds)
        try:
            yield from self._cases()
        except (TooLarge, TooManyValues):
            yield Complete("the protocol is too large")

    def _cases(self) -> Iterator[Found]:
        problem = self.asking.problem(self.bounds)
        self.asked = asked(problem.encoding, self.about, self.kinds)
        self.reads = self._reads(problem.encoding.graph)
        found = self._enumerated(problem.solver)
        numbers: dict[object, int] = {}
        violations: set[str] = set()
        for key, assignment in found:
            number = numbers.setdefault((key.sources, key.values), len(numbers) + 1)
            query = queries.narrowed(self.asked.query, *self._literals(key))
            case = self._case(number, key, smallest(problem.solver, query, assignment))
            if isinstance(case, str):
                yield Complete(broken=case)
                return
            violations |= set(case.violates)
            yield case
        for case in self._beyond(violations, len(numbers)):
            if isinstance(case, str):
                yield Complete(broken=case)
                return
            yield case
        yield Complete(self.unknown)

    def _reads(self, graph: EventGraph) -> list[Event]:
        """The reads of the fault's lanes."""
        lanes = [column.lane.kind.name in self.kinds for column in graph.lanes]
        accesses = (Kind.READ, Kind.RMW)
        return [e for e in graph.events if lanes[e.lane] and e.kind in accesses and not e.ghost]

    # ------------------------------------------------------------ the classes

    def _enumerated(self, solver: Solver) -> list[tuple[_Key, Assignment]]:
        """All classes, each with an execution."""
        found: list[tuple[_Key, Assignment]] = []
        formula = self.asked.query.encoding.formula
        with solver.extended(smtlib.script(formula, self.asked.query.first)):
            while True:
                answer = solver.ask(smtlib.Script({}, ()))
                if not isinstance(answer, Sat):
                    break
                key = self._key(Reader(self.asked.query, answer.assignment))
                found.append((key, answer.assignment))
                other = tuple(-literal for literal in self._literals(key))
                solver.keep(smtlib.clauses(formula, [other]))
        found.sort(key=lambda one: _order(one[0]))
        if isinstance(answer, Unknown):
            self.unknown = answer.reason
        return found

    def _key(self, reader: Reader) -> _Key:
        encoding = self.asked.query.encoding
        sources: list[int | None] = []
        values: list[tuple[Literal, ...]] = []
        for event in self.reads:
            sources.append(_source(reader, event))
            tables = [t for (read, _), t in encoding.returned.items() if read == event.number]
            every = [literal for table in tables for literal in table.values()]
            happens = sources[-1] is not None
            values.append(tuple(x for x in every if happens and reader.holds(x)))
        table = self.asked.outcomes
        outcome = next(one for one, literal in table.items() if reader.holds(literal))
        fails = tuple(name for name, literal in self.asked.fails if reader.holds(literal))
        return _Key(tuple(sources), tuple(values), outcome, fails)

    def _literals(self, key: _Key) -> list[Literal]:
        """What holds in the executions of a class and in no other."""
        found = [self.asked.outcomes[key.outcome]]
        found += [x if name in key.fails else -x for name, x in self.asked.fails]
        for event, source in zip(self.reads, key.sources, strict=True):
            if source is None:
                found.append(-self.asked.query.encoding.happens(event.number))
            else:
                found.append(self.asked.query.encoding.rf[event.number][source])
        return [*found, *(literal for own in key.values for literal in own)]

    # ------------------------------------------------------------ their runs

    def _case(self, number: int, key: _Key, shrunk: Shrunk) -> Case | str:
        """The case with its run; a sentence where the interpreter does not confirm it."""

        def check(run: Replayed) -> Contradiction | None:
            if confirmed(self.about, self.names, key.outcome, key.fails, run):
                return None
            told = f"{', '.join(key.fails)} {key.outcome.value}".strip()
            return Contradiction(f"the interpreter runs the ordering, but not to `{told}`")

        replayed = rerun(self.protocol, self.model, self.bounds, shrunk.reader, check)
        if isinstance(replayed, Contradiction):
            return replayed.reason
        violates = key.fails or violated(self.whole, self.names, key.outcome)
        return self._told(number, key.outcome, violates, shrunk, replayed)

    def _told(
        self,
        number: int,
        outcome: CaseOutcome,
        violates: tuple[str, ...],
        shrunk: Shrunk,
        replayed: Replayed,
        *,
        bounds: Bounds | None = None,
    ) -> Case:
        """A case by its run; one of the whole protocol has bounds of its own."""
        facts = replayed.facts(STALE) if bounds is None else ()
        facts = facts or next((f for name in violates if (f := replayed.facts(name))), ())
        claim = ", ".join(f"{name} {value}" for name, value in facts)
        trace = replayed.trace
        if bounds is None:
            trace = replace(trace, schedule=self._for_whole(trace.schedule))
        doubt = shrunk.doubt
        unfinished = given_up(Missing.SMALLEST, self.limits, doubt) if doubt else None
        run = Run(
            bounds or self.bounds,
            replayed.step_count,
            trace,
            facts,
            claim,
            unfinished=unfinished,
        )
        reads = self._readings(shrunk.reader, replayed)
        return Case(number, reads, outcome, violates, self._cached(replayed), run)

    def _for_whole(self, schedule: Schedule) -> Schedule:
        """The schedule for the protocol as it is, in which a lane may have to choose its block."""
        chosen = dict(schedule.choices)
        for kind in self.protocol.kinds:
            blocks = self.whole.kind(kind.name).blocks
            moves = any(move.lane == f"{kind.name}0" for move in schedule.moves)
            if len(kind.blocks) == 1 < len(blocks) and moves:
                lane = f"{kind.name}0"
                chosen[lane] = (kind.blocks[0], *chosen.get(lane, ()))
        return replace(schedule, choices=tuple(chosen.items()))

    def _readings(self, reader: Reader, replayed: Replayed) -> tuple[FaultRead, ...]:
        """What is read up to the end, in the order of the text, told as in the run."""
        told: dict[str, list[str]] = {}
        for moment in replayed.trace.moments:
            if moment.event in ("read", "modify"):
                told.setdefault(moment.lane, []).append(moment.detail)
        graph, done = reader.graph, {event.number for event in reader.events()}
        pointers, names = _pointers(graph.events), StepNames(self.whole)
        found: list[FaultRead] = []
        for event in self._reads(graph):
            source = _source(reader, event)
            if source is None or event.number not in done:
                continue
            lane = graph.lanes[event.lane].lane.name
            own = told.get(lane, [])
            written = None if source == INITIAL else graph.events[source].where
            found.append(
                FaultRead(
                    lane,
                    event.where.span.line if event.where else 0,
                    own.pop(0) if own else "",
                    None if written is None else written.span.line,
                    event.number in pointers,
                    "" if written is None else names.of(written),
                )
            )
        return tuple(found)

    def _cached(self, replayed: Replayed) -> str | None:
        """What the entries that the property reads hold at the end, as the trace tells it."""
        if isinstance(self.about, Assertions):
            return None
        loads = entries(self.whole, self.about)
        held: dict[str, str] = {}
        for moment in replayed.trace.moments:
            for load in loads:
                assert isinstance(load.place, Cell)
                name = load.place.variable
                for change in moment.changes:
                    if self._is_entry(name, moment, change):
                        held[name] = change.after
        filled = [f"{name} = {value}" for name, value in held.items() if value != "empty"]
        return ", ".join(filled) if loads else None

    def _is_entry(self, name: str, moment: Moment, change: Change) -> bool:
        """Whether a change is one of that cache's entry: a lane's own, another's, the shared."""
        owner = self.whole.variable(name).owner
        own = owner is None or moment.lane == f"{owner}0"
        return change.what == (name if own else f"{name} of {owner}0")

    # ------------------------------------------------------------ beyond the cases

    def _beyond(self, violations: set[str], number: int) -> Iterator[Case | str]:
        """Violations of what no case violates, each a case of its own."""
        alike = self.protocol.kinds == self.whole.kinds
        if alike and isinstance(self.about, Never) and self.about.when is When.FINALLY:
            return  # those are about complete executions, and all of them are cases
        whole = self.asking if alike else Asking(self.whole, self.model, self.limits)
        seen = set(violations)
        # What is violated with these blocks alone is so with all: that is asked first.
        for item in self.whole.properties:
            if item.name not in self.names or item.name in seen:
                continue
            finding = self._violation(whole, self.most, item)
            early = alike
            if isinstance(finding.answer, Sat) and not alike:
                alone = self._violation(self.asking, self.bounds, item)
                early = isinstance(alone.answer, Sat)
                finding = alone if early else finding
            if isinstance(finding.answer, Unknown):
                self.unknown = self.unknown or finding.answer.reason
            elif isinstance(finding.answer, Sat):
                number += 1
                case = self._other(finding, item, number, early=early)
                seen |= set() if isinstance(case, str) else set(case.violates)
                yield case

    def _violation(self, asking: Asking, bounds: Bounds, item: Property) -> Finding:
        problem = asking.problem(bounds)
        return asking.ask(problem, queries.violation(problem.encoding, item))

    def _other(self, finding: Finding, item: Property, number: int, *, early: bool) -> Case | str:
        """The case of a violation that is not after the fault, or not of it alone."""
        assert isinstance(finding.answer, Sat)
        assert finding.query is not None
        shrunk = smallest(finding.problem.solver, finding.query, finding.answer.assignment)
        protocol = self.protocol if early else self.whole
        bounds = finding.problem.bounds
        replayed = rerun(protocol, self.model, bounds, shrunk.reader, lambda run: shown(run, item))
        if isinstance(replayed, Contradiction):
            return replayed.reason
        violates = tuple(name for name in self.names if name in replayed.violated)
        outcome = beyond(self.whole, self.about, early=early)
        own = None if early else bounds
        return self._told(number, outcome, violates, shrunk, replayed, bounds=own)


def _source(reader: Reader, event: Event) -> int | None:
    """The write that a read reads from; None if the read does not happen."""
    if not reader.happens(event):
        return None
    writes = reader.encoding.rf[event.number].items()
    return next((source for source, literal in writes if reader.holds(literal)), None)


def _pointers(events: Iterable[Event]) -> frozenset[int]:
    """The reads that give another access its address."""
    return frozenset(
        event.address.pointer.event
        for event in events
        if isinstance(event.address, FieldOf) and isinstance(event.address.pointer, Returned)
    )


def _order(key: _Key) -> tuple[Sequence[int], tuple[tuple[Literal, ...], ...], int, Sequence[str]]:
    """Reads of earlier writes first, worse outcomes first."""
    sources = [-2 if source is None else source for source in key.sources]
    return sources, key.values, list(CaseOutcome).index(key.outcome), key.fails
