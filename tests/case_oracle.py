"""The cases of one fault against one update, enumerated by the machine and not by the solver.

Takes what `smtmodel.analysis.cases` looks at; gives what can be compared: what the lanes of the
fault read, and what an access gets at an instant after them.
"""

from smtmodel.analysis.cases import CALM, HIT, STALE, Case, Outcome
from smtmodel.executions.frame import ENDED, Happened, State
from smtmodel.executions.judgement import judges
from smtmodel.executions.machine import Machine, build
from smtmodel.executions.snapshot import Snapshot, snapshot
from smtmodel.language.checked import (
    TOKEN_BASE,
    Bounds,
    Cell,
    Checked,
    Filled,
    Load,
    Never,
    Reach,
    Shape,
)
from smtmodel.source.record import parts

Told = tuple[tuple[tuple[int, str], ...], Outcome]
"""(line, value) of what is read, and the outcome."""


class TooMany(Exception):
    """More states than anybody wants to wait for."""


def told(case: Case) -> Told:
    """A case as far as it can be compared."""
    return tuple((one.line, _value(one.told)) for one in case.reads), case.outcome


def _value(detail: str) -> str:
    """The value in `x -> 1` and `x: 1 -> 2`; pointers are all alike, and so are entries."""
    if "{" in detail or "empty" in detail:
        return "*"
    value = detail.rpartition(": ")[2].partition(" -> ")[0] if ": " in detail else ""
    value = value or detail.rpartition(" -> ")[2]
    return "*" if value[:1].isupper() or value == "null" else value


class Oracle:
    """The search: states together with what the fault has read so far."""

    def __init__(self, protocol: Checked, bounds: Bounds, kinds: frozenset[str]) -> None:
        self.machine: Machine = build(protocol, bounds, store_buffers=False)
        layout = self.machine.layout
        self.columns = [n for n, lane in enumerate(layout.lanes) if lane.kind.name in kinds]
        judged = {judge.name: judge for judge in judges(layout) if judge.lane == 0}
        self.hit, self.stale, self.calm = judged[HIT], judged[STALE], judged[CALM]
        self.entries = self._entries(protocol)
        self.found: set[Told] = set()

    def _entries(self, protocol: Checked) -> list[Snapshot]:
        item = next(p for p in protocol.properties if isinstance(p, Never) and p.name == STALE)
        goal = next(p for p in protocol.properties if isinstance(p, Reach) and p.name == HIT)
        loads = {
            part
            for part in parts((item.bad, goal.goal))
            if isinstance(part, Load)
            and isinstance(part.place, Cell)
            and protocol.variable(part.place.variable).shape in (Shape.CACHE, Shape.SHARED_CACHE)
        }
        return [snapshot(Filled(load), self.machine.layout, 0) for load in loads]

    def run(self, limit: int) -> frozenset[Told]:
        """Everything that can happen; `TooMany` beyond so many states."""
        nothing: tuple[tuple[tuple[int, str], ...], ...] = tuple(() for _ in self.columns)
        start = (self.machine.initial(), nothing)
        seen, stack = {start}, [start]
        while stack:
            state, reads = stack.pop()
            self._judge(state, reads)
            for index in range(len(state.lanes)):
                for successor in self.machine.successors(state, index, noted=True):
                    after = reads
                    if index in self.columns:
                        place = self.columns.index(index)
                        own = reads[place] + self._reads(successor.effect.notes)
                        after = (*reads[:place], own, *reads[place + 1 :])
                    following = (successor.state, after)
                    if following not in seen:
                        seen.add(following)
                        stack.append(following)
                        if len(seen) > limit:
                            raise TooMany
        return frozenset(self.found)

    def _reads(self, notes: tuple[object, ...]) -> tuple[tuple[int, str], ...]:
        found: list[tuple[int, str]] = []
        for note in notes:
            if isinstance(note, Happened) and note.event in ("read", "modify"):
                assert note.where is not None
                found.append((note.where.span.line, self._told(note)))
        return tuple(found)

    def _told(self, note: Happened) -> str:
        if isinstance(note.value, int) and note.value >= TOKEN_BASE:
            return f"fresh{note.value - TOKEN_BASE}"
        return str(note.value)

    def _judge(self, state: State, reads: tuple[tuple[tuple[int, str], ...], ...]) -> None:
        if any(state.lanes[column].status != ENDED for column in self.columns):
            return
        memory = state.shared.memory
        stale = self.stale.met(memory, ())
        calm = not state.shared.progress
        if stale:
            outcome = Outcome.STALE_AFTER if calm else Outcome.STALE_DURING
        elif self.hit.met(memory, ()):
            outcome = Outcome.FRESH
        else:
            cached = not self.entries or any(entry(memory, ()) == 1 for entry in self.entries)
            outcome = Outcome.MISS if cached else Outcome.EMPTY
        self.found.add((tuple(one for lane in reads for one in lane), outcome))
