"""A schedule run move by move, narrated and judged.

Takes a checked protocol, bounds, whether lanes have store buffers, and a schedule (or a plan
with words such as `update0@publish`). Gives what happened and which properties it violates or
meets, or `Impossible` where a move cannot be made. Shares no code with unrolling, encoding
and decoding, so that what replays is a counterexample whatever these have said.
"""

from smtmodel.executions import facts
from smtmodel.executions.deadlock import stuck
from smtmodel.executions.facts import Facts
from smtmodel.executions.frame import AT_ASSUME, AT_CUT, AWAKE, ENDED, NOBODY, RUNNING, State
from smtmodel.executions.interrupting import interrupter
from smtmodel.executions.machine import Machine, Successor, build, is_complete
from smtmodel.executions.moments import Teller, steps_taken, teller
from smtmodel.executions.notes import Began, Failed, Freed, Happened, Note
from smtmodel.executions.schedule import Plan, ToEnd, Until, step_numbers
from smtmodel.executions.snapshot import Kept
from smtmodel.executions.trace import Moment, Move, Schedule, Trace
from smtmodel.language.ast import When
from smtmodel.language.checked import (
    DEADLOCK,
    Asserted,
    Bounds,
    Checked,
    ReachStep,
    Where,
)
from smtmodel.source.record import field, record


@record
class Impossible:
    """The move at this index (from 0) of the schedule's or plan's `moves` cannot be made;
    `reason` is a sentence without its end."""

    index: int
    move: Move | Until | ToEnd
    reason: str


@record
class Replayed:
    """A run and what it shows.

    `violated`: assertions and errors of the run anywhere in it, `never` properties at its
    final instant, and `deadlock` if it ends in one. `conditions`: `never` properties whose
    condition holds at the final instant. `reached`: goals met (steps anywhere, the others at
    the final instant). `judged`: those of `conditions` of which what they condition is defined
    there, and the assertions of steps that were taken. All in the order of the protocol's
    properties. A property is judged only where it is to be: `settled` with no update in
    progress, `finally` when complete.
    `returned` counts the updates whose return has taken effect; `step_count` the times that
    a step was begun and had an event. `over`: nothing can move any more.
    """

    trace: Trace
    violated: tuple[str, ...]
    conditions: tuple[str, ...]
    reached: tuple[str, ...]
    judged: tuple[str, ...]
    deadlock: bool
    returned: int
    complete: bool
    over: bool
    step_count: int
    known: tuple[tuple[str, Facts], ...]

    def facts(self, name: str) -> Facts:
        """What the property read where it was violated or met; for an assertion what its
        condition read, for `deadlock` each lane that waits and where; nothing if neither."""
        return dict(self.known).get(name, ())


def replay(
    protocol: Checked,
    bounds: Bounds,
    *,
    store_buffers: bool,
    schedule: Schedule | Plan,
    strict: bool = True,
) -> Replayed | Impossible:
    """Run a schedule; a lane's choices beyond those given are the first that are possible.

    Unless `strict`, moves that cannot be made are left out, and nothing is `Impossible`.
    """
    machine = build(protocol, bounds, store_buffers=store_buffers, forget=False)
    run = _Run(
        machine,
        teller(machine.layout, buffered=store_buffers),
        machine.initial(),
        {lane: list(choices) for lane, choices in schedule.choices},
    )
    run.begun.update(_opened(machine, run))
    for index, move in enumerate(schedule.moves):
        reason = run.make(move)
        if reason and strict:
            return Impossible(index, move, reason)
    unmade = run.unmade(schedule) if strict and isinstance(schedule, Plan) else None
    return unmade or _judged(run)


@record(frozen=False)
class _Run:
    """A run so far. `choices` are those still to be made, `made` those made, by lane; `freed`
    has the lane that last freed each object, by its first location."""

    machine: Machine
    teller: Teller
    state: State
    choices: dict[str, list[str]]
    made: dict[str, list[str]] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)
    notes: list[tuple[str, tuple[Note, ...]]] = field(default_factory=list)
    begun: set[int] = field(default_factory=set)
    violated: set[str] = field(default_factory=set)
    known: dict[str, Facts] = field(default_factory=dict)
    freed: dict[int, str] = field(default_factory=dict)

    def index(self, lane: str) -> int:
        """The place of a lane among all lanes; -1 if there is none of that name."""
        names = [known.name for known in self.machine.layout.lanes]
        return names.index(lane) if lane in names else -1

    def make(self, move: Move | Until | ToEnd) -> str:
        """Do what a word of a plan stands for; gives why it is impossible, or nothing."""
        match move:
            case Move():
                return self.move(move)
            case Until():
                return self.until(move)
            case ToEnd():
                return self.to_end(move.lane)

    def to_end(self, lane: str) -> str:
        """Move a lane until it has run to its end; gives why it cannot, or nothing."""
        while not (reason := self.move(Move(lane))):
            if self.state.lanes[self.index(lane)].status == ENDED:
                return ""
        return reason

    def move(self, move: Move) -> str:
        """Make a move; gives why it is impossible, or nothing."""
        index = self.index(move.lane)
        if index < 0:
            return f"there is no lane `{move.lane}` at these bounds"
        choices = self.choices.get(move.lane, [])
        successor = self.machine.step(self.state, move, choices, noted=True)
        if successor is None:
            return self._reason(move, index)
        del choices[: len(successor.effect.choices)]
        self.made.setdefault(move.lane, []).extend(successor.effect.choices)
        self._take(move, successor)
        return ""

    def until(self, word: Until) -> str:
        """Move a lane until it has completed a step; gives why it cannot, or nothing."""
        index = self.index(word.lane)
        if index < 0:
            return f"there is no lane `{word.lane}` at these bounds"
        machine = self.machine
        numbers = step_numbers(machine.protocol, machine.layout.lanes[index], word.at)
        inside = self._stands(index) in numbers
        while True:
            reason = self.move(Move(word.lane))
            if reason:
                return reason
            notes = self.notes[-1][1]
            outside = _outside(word, notes)
            if outside:
                return outside
            inside |= any(isinstance(n, Began) and n.where.number in numbers for n in notes)
            if inside and self._stands(index) not in numbers:
                return ""

    def unmade(self, plan: Plan) -> Impossible | None:
        """The last move of a lane that was given more choices than it makes."""
        for index, move in reversed([*enumerate(plan.moves)]):
            if left := self.choices.get(move.lane):
                return Impossible(index, move, f"{move.lane} makes no choice `{left[0]}`")
        return None

    def _before(self, index: int) -> Where | None:
        """The step of the event that a lane stands before; None for a begin, or at its end."""
        stopped = self.state.lanes[index].status
        return None if stopped else self.machine.where(self.state, index)

    def _stands(self, index: int) -> int:
        """The number of the step that a lane stands at; -1 for none."""
        where = self._before(index)
        return -1 if where is None else where.number

    def _take(self, move: Move, successor: Successor) -> None:
        self.state = successor.state
        self.moves.append(move)
        self.notes.append((move.lane, successor.effect.notes))
        stands = self._before(self.index(move.lane))
        self.moments.extend(self.teller.tell(move.lane, successor.effect.notes, stands))
        self.violated.update(successor.effect.violated)
        for note in successor.effect.notes:
            if isinstance(note, Began):
                self.begun.add(note.where.number)
            elif isinstance(note, Freed):
                self.freed[note.location] = move.lane
            elif isinstance(note, Failed) and note.name not in self.known:
                self.known[note.name] = facts.failed(
                    self.teller, move.lane, note, self.moments, self.freed
                )

    def _reason(self, move: Move, index: int) -> str:
        """Why a lane cannot make a move."""
        lane = self.state.lanes[index]
        if move.flush:
            return f"the store buffer of {move.lane} is empty"
        if move.callback is not None:
            return self._not_freed(move, index)
        if lane.status == ENDED:
            return f"{move.lane} has run to its end"
        if lane.status != RUNNING:
            stops = {AT_ASSUME: "a false assume", AT_CUT: "a loop whose bound is used up"}
            return f"{move.lane} stands for good at {stops.get(lane.status, 'an error of the run')}"
        possible = self.machine.successors(self.state, index)
        if possible:
            offered = ", ".join(sorted({",".join(s.effect.choices) for s in possible}))
            given = ",".join(self.choices[move.lane])
            return f"{move.lane} cannot choose `{given}` here; it could choose {offered}"
        interrupter = _interrupter(self.machine, self.state, index)
        if interrupter:
            return f"{move.lane} is interrupted by {interrupter}"
        asleep = self.state.shared.rare.asleep
        if asleep and asleep[index] != AWAKE:
            return f"{move.lane} sleeps at {asleep[index]}"
        where = self.machine.where(self.state, index)
        text = f"`{where.text}`" if where else "its first event or the begin of an update"
        buffered = ", its store buffer is not empty" if lane.buffer else ""
        return f"{move.lane} must wait at {text}{buffered}"

    def _not_freed(self, move: Move, index: int) -> str:
        """Why a deferred free cannot be carried out."""
        for late in self.state.shared.rare.pending:
            if (late.lane, late.number) == (index, move.callback):
                return f"the grace period of deferred free {late.number} of {move.lane} goes on"
        return f"{move.lane} has no deferred free {move.callback} to carry out"


def _outside(word: Until, notes: tuple[Note, ...]) -> str:
    """That a lane takes a step that is not on the lines that it is to run through."""
    if word.since is None:
        return ""
    steps = [one.where for one in notes if isinstance(one, Happened) and one.where]
    lines = [(*one.calls, one)[0].span.line for one in steps]
    other = next((line for line in lines if not word.since <= line <= int(word.at)), None)
    if other is None:
        return ""
    return f"{word.lane} takes the step on line {other}, which is not among {word.since}-{word.at}"


def _interrupter(machine: Machine, state: State, index: int) -> str:
    """The lane that interrupts a lane; nothing if none does."""
    by = interrupter(state.shared, index)
    return "" if by == NOBODY else machine.layout.lanes[by].name


def _opened(machine: Machine, run: _Run) -> set[int]:
    """The steps that control stands at before any event."""
    begun: set[int] = set()
    for index, lane in enumerate(machine.layout.lanes):
        for note in machine.opening(index, run.choices.get(lane.name, [])):
            if isinstance(note, Began):
                begun.add(note.where.number)
    return begun


def _judged(run: _Run) -> Replayed:
    machine, state = run.machine, run.state
    protocol, asserted = machine.protocol, frozenset(machine.judged)
    complete = is_complete(state)
    waiting = stuck(machine, state)
    violated, conditions = set(run.violated), set[str]()
    reached, judged = set[str](), set[str]()
    known = dict(run.known)
    if waiting:
        violated.add(DEADLOCK)
        known[DEADLOCK] = _waiting(run, waiting)
    kept: Kept = tuple(lane.kept for lane in state.lanes) if complete else ()
    for judge in machine.judges:
        if not _is_judged(judge.when, state, complete=complete):
            continue
        if not judge.goal and judge.holding(state.shared.memory, kept):
            conditions.add(judge.name)
        if not judge.goal and judge.judged(state.shared.memory, kept):
            judged.add(judge.name)
        if judge.met(state.shared.memory, kept):
            (reached if judge.goal else violated).add(judge.name)
            known.setdefault(judge.name, facts.judged(run.teller, judge, state.shared.memory, kept))
    for prop in protocol.properties:
        if isinstance(prop, ReachStep) and not run.begun.isdisjoint(prop.steps):
            reached.add(prop.name)
        elif isinstance(prop, Asserted) and not run.begun.isdisjoint(prop.steps):
            judged.update({prop.name} & asserted)
    order = [prop.name for prop in protocol.properties]
    extra = sorted(violated - set(order))
    begins = sum(
        isinstance(note, Happened) and note.event == "begin" for _, ns in run.notes for note in ns
    )
    return Replayed(
        _trace(run),
        (*(name for name in order if name in violated), *extra),
        tuple(name for name in order if name in conditions),
        tuple(name for name in order if name in reached),
        tuple(name for name in order if name in judged),
        bool(waiting),
        begins - state.shared.progress,
        complete,
        not machine.moves(state),
        steps_taken(run.notes),
        tuple(known.items()),
    )


def _is_judged(when: When, state: State, *, complete: bool) -> bool:
    """Whether a property of this kind is judged at this instant."""
    match when:
        case When.ALWAYS:
            return True
        case When.SETTLED:
            return not state.shared.progress
        case When.FINALLY:
            return complete


def _waiting(run: _Run, waiting: dict[int, Where | None]) -> Facts:
    """Each lane of a deadlock, and the step that it waits at."""
    facts: list[tuple[str, str]] = []
    for index, where in waiting.items():
        lane = run.machine.layout.lanes[index]
        interrupter = _interrupter(run.machine, run.state, index)
        text = "begin of the interrupt" if where is None else where.text
        facts.append((lane.name, f"the interrupt by {interrupter}" if interrupter else text))
    return tuple(facts)


def _trace(run: _Run) -> Trace:
    # A lane that sleeps before its first event stands in a block that it has not begun.
    blocks = {moment.lane: [moment.block] for moment in run.moments} | run.teller.blocks
    lanes = tuple(
        (lane.name, tuple(blocks[lane.name]))
        for lane in run.machine.layout.lanes
        if lane.name in blocks
    )
    made = tuple(
        (lane.name, tuple(run.made[lane.name]))
        for lane in run.machine.layout.lanes
        if run.made.get(lane.name)
    )
    schedule = Schedule(tuple(run.moves), made)
    return Trace(lanes, tuple(run.moments), schedule, run.teller.start())
