"""Enumerates the cases of one subject with the solver.

Takes what `smtmodel.analysis.cases` asks about; yields what it promises. A case is found, its
class is excluded, until the solver says that there is no other.
"""

from collections.abc import Iterable, Iterator

from smtmodel.analysis.cases import (
    CALM,
    HIT,
    STALE,
    Case,
    Complete,
    Found,
    Outcome,
    Reading,
    Subject,
)
from smtmodel.encoding import queries, smtlib
from smtmodel.encoding.decode import Assignment, Reader
from smtmodel.encoding.domains import INITIAL, TooManyValues
from smtmodel.encoding.encode import encode
from smtmodel.encoding.formula import Literal
from smtmodel.events.building import TooLarge
from smtmodel.events.graph import Event, FieldOf, Kind
from smtmodel.events.terms import Returned
from smtmodel.events.unroll import unroll
from smtmodel.executions.replay import Replayed
from smtmodel.executions.trace import Schedule
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    Bounds,
    Cell,
    Checked,
    Constant,
    Load,
    Never,
    Reach,
    ReadModifyWrite,
    Shape,
    Store,
)
from smtmodel.models import Model
from smtmodel.solving.result import Limits, Run
from smtmodel.solving.shrink import smallest
from smtmodel.solving.solver import Sat, Solver, Unknown
from smtmodel.solving.witness import Contradiction, rerun
from smtmodel.source.record import parts, record, replace


def _filling(protocol: Checked, item: Never) -> tuple[str, ...]:
    """The blocks that write a cache which the property reads; without one, all but updates."""
    caches = {
        part.place.variable
        for part in parts((item.bad, item.condition))
        if isinstance(part, Load)
        and isinstance(part.place, Cell)
        and protocol.variable(part.place.variable).shape in (Shape.CACHE, Shape.SHARED_CACHE)
    }
    blocks = [block for kind in protocol.kinds if not kind.updates for block in kind.blocks]

    def fills(block: str) -> bool:
        return any(
            isinstance(part, Store | ReadModifyWrite)
            and isinstance(part.place, Cell)
            and part.place.variable in caches
            for part in parts(protocol.block(block))
        )

    return tuple(block for block in blocks if fills(block)) or tuple(blocks)


def _narrowed(protocol: Checked, item: Never, blocks: tuple[str, ...]) -> Checked:
    """The protocol in which lanes run these blocks and updates alone, and which is judged by
    HIT, STALE and CALM."""
    kinds = tuple(
        kind if kind.updates else replace(kind, blocks=tuple(b for b in kind.blocks if b in blocks))
        for kind in protocol.kinds
    )
    condition = item.condition if item.condition is not None else Constant(1)
    return replace(
        protocol,
        kinds=tuple(kind for kind in kinds if kind.blocks),
        properties=(
            Reach(HIT, condition, When.ALWAYS, item.lanes),
            replace(item, name=STALE, when=When.ALWAYS),
            Never(CALM, Constant(1), None, When.SETTLED, None),
        ),
    )


@record
class _Key:
    """A class of executions: for each read the write it reads from (None: it does not happen)
    and the literals of its value, and the outcome."""

    sources: tuple[int | None, ...]
    values: tuple[tuple[Literal, ...], ...]
    outcome: Outcome


class Finder:
    """The cases of one subject."""

    def __init__(
        self,
        protocol: Checked,
        model: Model,
        bounds: Bounds,
        limits: Limits,
        names: tuple[str, ...],
        item: Never,
    ) -> None:
        self.whole = protocol
        self.blocks = _filling(protocol, item)
        self.protocol = _narrowed(protocol, item, self.blocks)
        self.model = model
        self.limits = limits
        self.names = names
        self.item = item
        self.kinds = frozenset(kind.name for kind in self.protocol.kinds if not kind.updates)
        lanes = tuple((k.bound, 1) for k in self.protocol.kinds if not k.updates)
        self.bounds = Bounds(min(1, bounds.updates), lanes, 1)

    def run(self) -> Iterator[Found]:
        yield Subject(self.names, self.blocks, self.bounds)
        try:
            yield from self._cases()
        except (TooLarge, TooManyValues):
            yield Complete("the protocol is too large")

    def _cases(self) -> Iterator[Found]:
        base = encode(unroll(self.protocol, self.bounds), self.model)
        lane = None if self.item.lanes is None else f"{self.item.lanes}0"
        self.query, access = queries.access(base, self.item, lane, self.kinds)
        formula = self.query.encoding.formula
        running = formula.all_of((access.hit, access.bad, -access.settled))
        self.outcomes: dict[Outcome, Literal] = {
            Outcome.STALE_AFTER: formula.all_of((access.hit, access.bad, access.settled)),
            Outcome.STALE_DURING: running,
            Outcome.FRESH: formula.all_of((access.hit, -access.bad)),
            Outcome.MISS: formula.all_of((-access.hit, access.cached)),
            Outcome.EMPTY: formula.all_of((-access.hit, -access.cached)),
        }
        self.graph = base.graph
        self.reads = [e for e in base.graph.events if self._is_read(e)]
        self.pointers = _pointers(base.graph.events)
        solver = Solver(smtlib.script(base.formula), self.limits)
        found, unknown = self._enumerated(solver)
        numbers: dict[object, int] = {}
        for key, assignment in found:
            number = numbers.setdefault((key.sources, key.values), len(numbers) + 1)
            query = queries.narrowed(self.query, *self._literals(key))
            case = self._case(number, key, smallest(solver, query, assignment))
            if isinstance(case, str):
                yield Complete(broken=case)
                return
            yield case
        yield Complete(unknown)

    def _is_read(self, event: Event) -> bool:
        kind = self.graph.lanes[event.lane].lane.kind.name
        return event.kind in (Kind.READ, Kind.RMW) and kind in self.kinds and not event.ghost

    # ------------------------------------------------------------ the classes

    def _enumerated(self, solver: Solver) -> tuple[list[tuple[_Key, Assignment]], str]:
        """All classes, each with an execution; why there may be more, or nothing."""
        found: list[tuple[_Key, Assignment]] = []
        formula = self.query.encoding.formula
        with solver.extended(smtlib.script(formula, self.query.first)):
            while True:
                answer = solver.ask(smtlib.Script({}, ()))
                if not isinstance(answer, Sat):
                    break
                key = self._key(Reader(self.query, answer.assignment))
                found.append((key, answer.assignment))
                other = tuple(-literal for literal in self._literals(key))
                solver.keep(smtlib.clauses(formula, [other]))
        found.sort(key=lambda one: _order(one[0]))
        return found, answer.reason if isinstance(answer, Unknown) else ""

    def _key(self, reader: Reader) -> _Key:
        encoding = self.query.encoding
        sources: list[int | None] = []
        values: list[tuple[Literal, ...]] = []
        for event in self.reads:
            writes = encoding.rf[event.number].items()
            held = [source for source, literal in writes if reader.holds(literal)]
            sources.append(held[0] if held and reader.happens(event) else None)
            tables = [t for (read, _), t in encoding.returned.items() if read == event.number]
            every = [literal for table in tables for literal in table.values()]
            happens = sources[-1] is not None
            values.append(tuple(x for x in every if happens and reader.holds(x)))
        outcome = next(one for one, literal in self.outcomes.items() if reader.holds(literal))
        return _Key(tuple(sources), tuple(values), outcome)

    def _literals(self, key: _Key) -> list[Literal]:
        """What holds in the executions of a class and in no other."""
        found = [self.outcomes[key.outcome]]
        for event, source in zip(self.reads, key.sources, strict=True):
            if source is None:
                found.append(-self.query.encoding.happens(event.number))
            else:
                found.append(self.query.encoding.rf[event.number][source])
        return [*found, *(literal for own in key.values for literal in own)]

    # ------------------------------------------------------------ their runs

    def _case(self, number: int, key: _Key, reader: Reader) -> Case | str:
        """The case with its run; a sentence where the interpreter does not confirm it."""
        replayed = rerun(
            self.protocol, self.model, self.bounds, reader, lambda run: _unlike(key.outcome, run)
        )
        if isinstance(replayed, Contradiction):
            return replayed.reason
        facts = replayed.facts(STALE) or replayed.facts(HIT)
        claim = ", ".join(f"{name} {value}" for name, value in facts)
        trace = replace(replayed.trace, schedule=self._for_whole(replayed.trace.schedule))
        run = Run(self.bounds, replayed.step_count, trace, facts, claim)
        reads = self._readings(key, replayed)
        return Case(number, reads, key.outcome, self._cached(replayed), run)

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

    def _readings(self, key: _Key, replayed: Replayed) -> tuple[Reading, ...]:
        """What is read, in the order of the text, told as in the run."""
        told: dict[str, list[str]] = {}
        for moment in replayed.trace.moments:
            if moment.event in ("read", "modify"):
                told.setdefault(moment.lane, []).append(moment.detail)
        found: list[Reading] = []
        for event, source in zip(self.reads, key.sources, strict=True):
            if source is None:
                continue
            own = told.get(self.graph.lanes[event.lane].lane.name, [])
            written = None if source == INITIAL else self.graph.events[source].where
            found.append(
                Reading(
                    event.where.span.line if event.where else 0,
                    own.pop(0) if own else "",
                    None if written is None else written.span.line,
                    event.number in self.pointers,
                )
            )
        return tuple(found)

    def _cached(self, replayed: Replayed) -> str:
        """What the fault wrote into the caches that the property reads, as the trace tells it."""
        names = {v.name for v in self.protocol.variables if v.shape in _CACHES}
        lanes = {f"{name}0" for name in self.kinds}
        found = {
            change.what: change.after
            for moment in replayed.trace.moments
            for change in moment.changes
            if moment.lane in lanes and change.what in names
        }
        return ", ".join(f"{name} = {value}" for name, value in found.items())


_CACHES = (Shape.CACHE, Shape.SHARED_CACHE)


def _pointers(events: Iterable[Event]) -> frozenset[int]:
    """The reads that give another access its address."""
    return frozenset(
        event.address.pointer.event
        for event in events
        if isinstance(event.address, FieldOf) and isinstance(event.address.pointer, Returned)
    )


def _order(key: _Key) -> tuple[list[int], tuple[tuple[Literal, ...], ...], int]:
    """Reads of earlier writes first, worse outcomes first."""
    sources = [-2 if source is None else source for source in key.sources]
    return sources, key.values, list(Outcome).index(key.outcome)


def _unlike(outcome: Outcome, replayed: Replayed) -> Contradiction | None:
    """What is said where the interpreter sees another outcome at the end of the run."""
    if _confirmed(outcome, replayed):
        return None
    return Contradiction(f"the interpreter runs the ordering, but not to `{outcome.value}`")


def _confirmed(outcome: Outcome, replayed: Replayed) -> bool:
    """Whether the interpreter sees the same outcome at the end of the run."""
    hit, stale = HIT in replayed.reached, STALE in replayed.violated
    match outcome:
        case Outcome.STALE_AFTER | Outcome.STALE_DURING:
            calm = CALM in replayed.violated
            return hit and stale and calm == (outcome is Outcome.STALE_AFTER)
        case Outcome.FRESH:
            return hit and not stale
        case Outcome.MISS | Outcome.EMPTY:
            return not hit
