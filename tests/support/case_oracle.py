"""The cases of one fault against one update, enumerated by the machine and not by the solver.

Takes what `smtmodel.analysis.cases` looks at; gives what can be compared: what the lanes of the
fault read, and what comes of it at an instant after them.
"""

from collections.abc import Iterator
from typing import NamedTuple

from smtmodel.analysis.cases import EARLY, OTHER, Assertions, Case, CaseOutcome, is_hit
from smtmodel.analysis.enumeration import Finder
from smtmodel.analysis.outcomes import HIT, STALE
from smtmodel.executions.frame import RUNNING, State
from smtmodel.executions.judgement import judges
from smtmodel.executions.machine import Machine, build, is_complete
from smtmodel.executions.notes import Began, Happened, Note
from smtmodel.executions.snapshot import Snapshot, snapshot
from smtmodel.executions.values import UNWRITTEN
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    TOKEN_BASE,
    Asserted,
    Cell,
    Filled,
    Load,
    Never,
    Shape,
)
from smtmodel.source.record import parts

Reads = tuple[tuple[int, str], ...]
"""(line, value) of what is read."""

Told = tuple[Reads, CaseOutcome, tuple[str, ...]]
"""What is read, the outcome, and the assertions that fail."""


class TooMany(Exception):
    """More states than anybody wants to wait for."""


class Path(NamedTuple):
    """What has happened besides what a state knows: what each lane of the fault read, whether an
    update has begun, an assertion was reached, and which failed."""

    reads: tuple[Reads, ...]
    begun: bool = False
    reached: bool = False
    fails: frozenset[str] = frozenset()


def told(case: Case) -> Told:
    """A case as far as it can be compared."""
    fails = case.violates if case.outcome is CaseOutcome.FAILS else ()
    reads = tuple((one.line, _value(one.told)) for one in case.reads)
    return reads, case.outcome, tuple(sorted(fails))


def is_beyond(case: Case) -> bool:
    """Whether a case is none of those that the machine enumerates."""
    return case.outcome in (*EARLY, *OTHER)


def _value(detail: str) -> str:
    """The value in `x -> 1` and `x: 1 -> 2`; pointers are all alike, and so are entries."""
    if "{" in detail or "empty" in detail:
        return "*"
    value = detail.rpartition(": ")[2].partition(" -> ")[0] if ": " in detail else ""
    value = value or detail.rpartition(" -> ")[2]
    return "*" if value[:1].isalpha() and not value.startswith("fresh") else value


class Oracle:
    """The search: states together with what has happened so far."""

    def __init__(self, finder: Finder) -> None:
        self.machine: Machine = build(finder.protocol, finder.bounds, store_buffers=False)
        self.about, self.names = finder.about, frozenset(finder.names)
        layout = self.machine.layout
        self.columns = [n for n, lane in enumerate(layout.lanes) if lane.kind.name in finder.kinds]
        self.updates = any(lane.kind.updates and lane.rounds for lane in layout.lanes)
        items = [p for p in finder.protocol.properties if isinstance(p, Asserted)]
        self.steps = {step for item in items if item.name in self.names for step in item.steps}
        if isinstance(finder.about, Never):
            judged = {judge.name: judge for judge in judges(layout) if judge.lane == 0}
            self.hit, self.stale = judged[HIT], judged[STALE]
            self.is_hit = is_hit(finder.protocol, finder.about)
            self.entries = self._entries(finder, finder.about)
        self.found: set[Told] = set()

    def _entries(self, finder: Finder, item: Never) -> list[Snapshot]:
        loads = {
            part
            for part in parts((item.bad, item.condition))
            if isinstance(part, Load)
            and isinstance(part.place, Cell)
            and finder.protocol.variable(part.place.variable).shape
            in (Shape.CACHE, Shape.SHARED_CACHE)
        }
        return [snapshot(Filled(load), self.machine.layout, 0) for load in loads]

    def run(self, limit: int) -> frozenset[Told]:
        """Everything that can happen; `TooMany` beyond so many states."""
        start = (self.machine.initial(), Path(tuple(() for _ in self.columns)))
        seen, stack = {start}, [start]
        while stack:
            state, path = stack.pop()
            self._judge(state, path)
            for following in self._following(state, path):
                if following not in seen:
                    seen.add(following)
                    stack.append(following)
                    if len(seen) > limit:
                        raise TooMany
        return frozenset(self.found)

    def _following(self, state: State, path: Path) -> Iterator[tuple[State, Path]]:
        """What can come next: an event of a lane, or a deferred free."""
        for index in range(len(state.lanes)):
            for successor in self.machine.successors(state, index, noted=True):
                violated = frozenset(successor.effect.violated)
                after = self._after(path, index, successor.effect.notes, violated)
                begun = after.begun or successor.state.shared.progress > 0
                yield successor.state, after._replace(begun=begun)
        for place, late in enumerate(state.shared.rare.pending):
            if not late.waits:
                effect = self.machine.free_late(state.shared, 0, state.lanes[0], place)
                yield State(effect.shared, state.lanes), path

    def _after(
        self, path: Path, index: int, notes: tuple[Note, ...], violated: frozenset[str]
    ) -> Path:
        """The path after a move of a lane."""
        reads = path.reads
        if index in self.columns:
            place = self.columns.index(index)
            own = reads[place] + self._reads(notes)
            reads = (*reads[:place], own, *reads[place + 1 :])
        reached = any(isinstance(n, Began) and n.where.number in self.steps for n in notes)
        return Path(reads, path.begun, path.reached or reached, path.fails | violated & self.names)

    def _reads(self, notes: tuple[Note, ...]) -> Reads:
        found: list[tuple[int, str]] = []
        for note in notes:
            if isinstance(note, Happened) and note.event in ("read", "modify"):
                assert note.where is not None
                found.append((note.where.span.line, self._told(note)))
        return tuple(found)

    def _told(self, note: Happened) -> str:
        if isinstance(note.value, int) and note.value >= TOKEN_BASE:
            return f"fresh{note.value - TOKEN_BASE}"
        return "-" if note.value is UNWRITTEN else str(note.value)

    def _judge(self, state: State, path: Path) -> None:
        if any(state.lanes[column].status == RUNNING for column in self.columns):
            return
        reads = tuple(one for lane in path.reads for one in lane)
        if isinstance(self.about, Assertions):
            kept = CaseOutcome.HOLDS if path.reached else CaseOutcome.UNREACHED
            outcome = CaseOutcome.FAILS if path.fails else kept
            self.found.add((reads, outcome, tuple(sorted(path.fails))))
        elif self.about.when is not When.FINALLY:
            self.found.add((reads, self._instant(state, begun=path.begun), ()))
        elif is_complete(state):
            self.found.add((reads, self._end(state), ()))

    def _end(self, state: State) -> CaseOutcome:
        kept = tuple(lane.kept for lane in state.lanes)
        if self.stale.met(state.shared.memory, kept):
            return CaseOutcome.VIOLATED
        judged = self.stale.judged(state.shared.memory, kept)
        return CaseOutcome.KEPT if judged else CaseOutcome.UNJUDGED

    def _instant(self, state: State, *, begun: bool) -> CaseOutcome:
        memory = state.shared.memory
        if self.stale.met(memory, ()):
            return self._bad(calm=not state.shared.progress, begun=begun)
        if not self.is_hit:
            return CaseOutcome.KEPT
        if self.hit.met(memory, ()):
            return CaseOutcome.FRESH
        return (
            CaseOutcome.MISS if any(e(memory, ()) == 1 for e in self.entries) else CaseOutcome.EMPTY
        )

    def _bad(self, *, calm: bool, begun: bool) -> CaseOutcome:
        word = "STALE" if self.is_hit else "VIOLATED"
        when = "_DURING" if not calm else "_AFTER" if begun else "_BEFORE"
        return CaseOutcome[word + (when if self.updates else "")]
