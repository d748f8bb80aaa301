"""The machine: states of a protocol at given bounds, and the moves between them.

Takes a checked protocol, bounds, and whether lanes have store buffers (x86) or not (sc). A state
is an immutable, hashable tuple. A move is one event of a lane together with the local operations
after it up to the lane's next event, the flush of the oldest entry of its buffer, a deferred free
of the lane carried out, or that the lane falls asleep. A lane's very first move also does what
comes before its first event; a lane that has no event at all makes a single move without any.
`docs/semantics.md` is the law. Does not judge properties of snapshots:
`smtmodel.executions.judgement` does.
"""

from collections.abc import Iterator, Sequence

from smtmodel.executions.actions import CHOICE, LOCAL
from smtmodel.executions.compile import Compiled, Recalled, compiled
from smtmodel.executions.event_actions import AwaitValue, Recall
from smtmodel.executions.flushing import flushed, take_effect
from smtmodel.executions.frame import (
    ASLEEP,
    AWAKE,
    BLOCKED,
    ENDED,
    NOBODY,
    RUNNING,
    Frame,
    LaneState,
    Rare,
    Shared,
    State,
)
from smtmodel.executions.interrupting import interrupter
from smtmodel.executions.judgement import Judge, judges
from smtmodel.executions.layout import Layout
from smtmodel.executions.notes import Happened, Note
from smtmodel.executions.program import Program
from smtmodel.executions.rounds import lowered
from smtmodel.executions.snapshot import Snapshot, kept_locals, snapshot
from smtmodel.executions.trace import Move
from smtmodel.executions.values import UNSET, Memory, PointerValue, Value
from smtmodel.language.checked import Bounds, Checked, Where
from smtmodel.source.latest import latest
from smtmodel.source.record import record, replace


@record
class Effect:
    """What a move of one lane leads to: the shared part and the lane's own, the choices it
    made, the properties violated on the way by an assertion or an error of the run, and the
    notes if they were asked for."""

    shared: Shared
    lane: LaneState
    choices: tuple[str, ...] = ()
    violated: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@record
class Successor:
    """A state after a move, and how it came about."""

    state: State
    effect: Effect


@record(frozen=False)
class Machine:
    """Made by `build`.

    `judges` are for whoever judges states. `settled` are the expressions of `settled(E)`, `known`
    their values in memories seen so far; `named` says that runs are narrated. `begun` and `cuts`
    collect the numbers of the steps that control reached and of the loops whose bound was used up,
    in all moves tried so far.
    """

    protocol: Checked
    bounds: Bounds
    layout: Layout
    programs: tuple[Program, ...]
    compiled: tuple[Compiled, ...]
    judges: tuple[Judge, ...]
    settled: tuple[Snapshot, ...]
    steps: dict[int, Where]
    begun: set[int]
    cuts: set[int]
    judged: set[str]
    known: dict[Memory, tuple[Value, ...]]
    named: bool

    def initial(self) -> State:
        """The state before any event."""
        layout = self.layout
        nothing_kept = (UNSET,) * len(kept_locals(self.protocol))
        lane = LaneState(0, RUNNING, 0, (), (), (), 0, nothing_kept)
        memory = layout.initial
        columns = len(layout.lanes)
        sleeps = any(
            isinstance(op.action, AwaitValue) and op.action.queue is not None
            for program in self.programs
            for op in program.ops
        )
        shared = Shared(
            memory,
            locks=(NOBODY,) * layout.held,
            open=((),) * columns,
            waits=((),) * columns,
            fresh=0,
            progress=0,
            returned=0,
            settled=self._settled(memory),
            rare=Rare(
                reached=(0,) * columns if self.named and layout.freed else (),
                interrupted=(NOBODY,) * columns if any(x.interrupts for x in layout.lanes) else (),
                asleep=(AWAKE,) * columns if sleeps else (),
            ),
        )
        return State(shared, (lane,) * columns)

    def moves(self, state: State) -> tuple[Move, ...]:
        """The moves that are possible, in the order of the lanes."""
        possible: list[Move] = []
        for index, lane in enumerate(self.layout.lanes):
            if self.successors(state, index):
                possible.append(Move(lane.name))
            if state.lanes[index].buffer:
                possible.append(Move(lane.name, flush=True))
            for late in state.shared.rare.pending:
                if late.lane == index and not late.waits:
                    possible.append(Move(lane.name, callback=late.number))
        return tuple(possible)

    def step(
        self, state: State, move: Move, choices: Sequence[str], *, noted: bool = False
    ) -> Successor | None:
        """The successor by a move that agrees with the choices, the first where they run out.

        None where the move is not possible. The lane must exist.
        """
        index = [lane.name for lane in self.layout.lanes].index(move.lane)
        shared, lane = state.shared, state.lanes[index]
        if move.flush:
            flushed = self.flush(shared, index, lane, noted=noted)
            return None if flushed is None else _successor(state, index, flushed)
        if move.callback is not None:
            for place, late in enumerate(shared.rare.pending):
                if (late.lane, late.number) == (index, move.callback) and not late.waits:
                    effect = self.free_late(shared, index, lane, place, noted=noted)
                    return _successor(state, index, effect)
            return None
        for effect in self.advance(shared, index, lane, noted=noted):
            agreed = min(len(choices), len(effect.choices))
            if tuple(choices[:agreed]) == effect.choices[:agreed]:
                return _successor(state, index, effect)
        return None

    def flush(
        self, shared: Shared, index: int, lane: LaneState, *, noted: bool = False
    ) -> Effect | None:
        """The oldest entry of a lane's buffer takes effect; None if the buffer is empty."""
        if not lane.buffer:
            return None
        frame = self._frame(shared, index, lane, noted=noted)
        entry = frame.buffer[0]
        frame.buffer = frame.buffer[1:]
        where = self.steps.get(entry[-1])
        if frame.notes is not None:
            block = where.block if where else self.block(frame.index, frame.pc)
            frame.notes.append(flushed(entry, where, block))
        take_effect(frame, entry, where, self.layout, named=self.named)
        return self._effect(frame, lane._replace(buffer=frame.buffer))

    def free_late(
        self, shared: Shared, index: int, lane: LaneState, place: int, *, noted: bool = False
    ) -> Effect:
        """The deferred free at this place of `pending`, which waits no more, is carried out.

        What it does to the shared part does not depend on the lane.
        """
        frame = self._frame(shared, index, lane, noted=noted)
        pending = frame.rare.pending
        late = pending[place]
        frame.rare = frame.rare._replace(pending=(*pending[:place], *pending[place + 1 :]))
        if frame.notes is not None:
            block = self.block(index, lane.pc)
            frame.notes.append(Happened("callback", None, block, "", PointerValue(late.location)))
        frame.free((late.location, late.struct), None, self.layout.typesafe)
        return self._effect(frame, lane)

    def opening(self, index: int, choices: Sequence[str]) -> tuple[Note, ...]:
        """The notes of what a lane does before its first event, for the given choices."""
        shared, lanes = self.initial()
        frame = self._frame(shared, index, lanes[index], noted=True)
        for opened in self._local(self.compiled[index], frame):
            agreed = min(len(choices), len(opened.choices))
            if list(choices[:agreed]) == opened.choices[:agreed]:
                return tuple(opened.notes or ())
        return ()

    def block(self, index: int, pc: int) -> str:
        """The block that a place in a lane's program belongs to."""
        return self.programs[index].ops[pc].block

    def where(self, state: State, index: int) -> Where | None:
        """The step that a lane stands at."""
        return self.programs[index].ops[state.lanes[index].pc].where

    def standing(self, shared: Shared, index: int, lane: LaneState) -> list[Frame]:
        """Where a lane stands: before its next event, or before each that it may begin with."""
        frame = self._frame(shared, index, lane, noted=False)
        if lane.pc or lane.status:
            return [frame]
        return [own for own in self._local(self.compiled[index], frame) if not own.status]

    def advance(
        self, shared: Shared, index: int, lane: LaneState, *, noted: bool = False
    ) -> list[Effect]:
        """What a lane's next event leads to, for every choice; nothing if it cannot happen.

        Instead of an event the lane may fall asleep before it, which changes nothing of its own.
        """
        asleep = shared.rare.asleep
        if lane.status or (asleep and asleep[index] != AWAKE):
            return []
        program = self.compiled[index]
        effects: list[Effect] = []
        work = [self._frame(shared, index, lane, noted=noted)]
        if lane.pc == 0:
            opened = list(self._local(program, work[0]))
            work = [frame for frame in opened if not frame.status]
            effects = [self._moved(program, frame) for frame in opened if frame.status]
        if interrupter(shared, index) != NOBODY:
            return effects
        while work:
            frame = work.pop(0)
            frame.region = program.regions[frame.pc]
            after = program.runs[frame.pc](frame)
            if after == BLOCKED:
                continue
            if after == ASLEEP:
                effects.append(_fallen_asleep(shared, lane, frame))
                continue
            frame.pc = after
            for moved in self._local(program, frame):
                if moved.region and not moved.status and program.regions[moved.pc] == moved.region:
                    work.append(moved)  # inside an atomic block its next event follows at once
                else:
                    effects.append(self._moved(program, moved))
        return effects

    def successors(self, state: State, index: int, *, noted: bool = False) -> list[Successor]:
        """The states after the next event of the lane with this index, for every choice."""
        effects = self.advance(state.shared, index, state.lanes[index], noted=noted)
        return [_successor(state, index, effect) for effect in effects]

    def _local(self, program: Compiled, frame: Frame) -> Iterator[Frame]:
        """Run local operations up to the next event, once for each way to choose."""
        kinds, runs = program.kinds, program.runs
        work = [frame]
        while work:
            frame = work.pop()
            pc = frame.pc
            while not frame.status and kinds[pc] == LOCAL:
                pc = runs[pc](frame)
            frame.pc = pc
            if not frame.status and kinds[pc] == CHOICE:
                work.extend(reversed(_forks(program, frame, pc)))
            else:
                yield frame

    def _frame(self, shared: Shared, index: int, lane: LaneState, *, noted: bool) -> Frame:
        pc, status, rounds, live, sections, buffer, allocated, kept = lane
        memory, locks, opened, waits, fresh, progress, returned, settled, rare = shared
        program = self.compiled[index]
        registers: list[Value] = [UNSET] * program.registers
        for register, value in zip(program.live[pc], live, strict=False):
            registers[register] = value
        return Frame(
            index,
            pc,
            status,
            rounds,
            registers,
            sections,
            buffer,
            allocated,
            kept,
            memory,
            locks,
            opened,
            waits,
            fresh,
            progress,
            returned,
            settled,
            rare,
            self.begun,
            self.cuts,
            [] if noted else None,
            guards=self.layout.guards,
        )

    def _moved(self, program: Compiled, frame: Frame) -> Effect:
        registers = frame.registers
        live = () if frame.status else tuple([registers[r] for r in program.live[frame.pc]])
        lane = LaneState(
            frame.pc,
            frame.status,
            frame.round,
            live,
            frame.sections,
            frame.buffer,
            frame.allocated,
            frame.kept,
        )
        return self._effect(frame, lane)

    def _effect(self, frame: Frame, lane: LaneState) -> Effect:
        if frame.judged:  # before a first event that cannot happen nothing is judged
            self.judged.update(frame.judged)
        settled = frame.settled
        if self.settled and not frame.progress:
            settled = self._settled(frame.memory)
        shared = Shared(
            frame.memory,
            frame.locks,
            frame.open,
            frame.waits,
            frame.fresh,
            frame.progress,
            frame.returned,
            settled,
            frame.rare,
        )
        notes = () if frame.notes is None else tuple(frame.notes)
        return Effect(shared, lane, tuple(frame.choices), tuple(frame.violated), notes)

    def _settled(self, memory: Memory) -> tuple[Value, ...]:
        """The values of all `settled(E)` in this memory."""
        if memory not in self.known:
            self.known[memory] = tuple(value(memory, ()) for value in self.settled)
        return self.known[memory]


def _successor(state: State, index: int, effect: Effect) -> Successor:
    lanes = (*state.lanes[:index], effect.lane, *state.lanes[index + 1 :])
    return Successor(State(effect.shared, lanes), effect)


def _fallen_asleep(shared: Shared, lane: LaneState, frame: Frame) -> Effect:
    """That a lane sleeps is all that has changed: what comes before a lane's first event happens
    with that event, and is still to come where the lane sleeps before it."""
    notes = () if frame.notes is None else tuple(frame.notes[-1:])
    slept = shared._replace(rare=frame.rare)
    return Effect(slept, lane, tuple(frame.choices), (), notes)


def _forks(program: Compiled, frame: Frame, pc: int) -> list[Frame]:
    """A copy of the frame for each option of a choice, past it."""
    forks: list[Frame] = []
    options = program.options[pc]
    for text, run in options(frame) if callable(options) else options:
        fork = frame.fork()
        fork.choices.append(text)
        fork.pc = run(fork)
        forks.append(fork)
    return forks


def build(
    protocol: Checked, bounds: Bounds, *, store_buffers: bool, forget: bool = True
) -> Machine:
    """A machine for a protocol at these bounds, which has tried no move.

    `forget` drops locals from states as soon as they no longer matter, so that states that
    differ only in the past are the same; without it a run can be narrated in full.
    """
    made = _built(protocol, bounds, store_buffers, forget)
    return replace(made, begun=set(), cuts=set(), judged=set(), known={})


@latest(8)
def _built(protocol: Checked, bounds: Bounds, store_buffers: bool, forget: bool) -> Machine:
    layout, programs = lowered(protocol, bounds)
    actions = [op.action for program in programs for op in program.ops]
    keys = dict.fromkeys((a.expression, a.lane) for a in actions if isinstance(a, Recall))
    recalled: Recalled = {key: number for number, key in enumerate(keys)}
    return Machine(
        protocol,
        bounds,
        layout,
        programs,
        tuple(
            compiled(program, layout, recalled, buffered=store_buffers, named=not forget)
            for program in programs
        ),
        judges(layout),
        tuple(snapshot(expression, layout, lane) for expression, lane in recalled),
        steps={op.where.number: op.where for program in programs for op in program.ops if op.where},
        begun=set(),
        cuts=set(),
        judged=set(),
        known={},
        named=not forget,
    )


def is_complete(state: State) -> bool:
    """Whether every lane has run to its end and every buffer is empty; what is freed late may
    never be."""
    return all(is_over(lane) for lane in state.lanes)


def is_over(lane: LaneState) -> bool:
    """Whether a lane has run to its end and its buffer is empty."""
    return lane.status == ENDED and not lane.buffer
