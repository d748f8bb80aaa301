"""Deadlock: lanes that wait, each for what only they or lanes that have ended could give.

Takes a machine and a state of it; gives the largest set of lanes of which each waits for another
of the set. Whatever the other lanes do, these wait for ever. A lane that stands at an `assume`, a
used-up bound or an error does not belong to the set, and nobody waits in vain for what it holds:
the code that it stands for may have gone on.
"""

from collections.abc import Set
from itertools import product

from smtmodel.executions.event_actions import (
    Acquire,
    AwaitValue,
    BeginInterrupt,
    EndGracePeriod,
    Side,
)
from smtmodel.executions.frame import (
    BLOCKED,
    NOBODY,
    RUNNING,
    Frame,
    LaneState,
    Shared,
    State,
)
from smtmodel.executions.interrupting import interrupter
from smtmodel.executions.machine import Machine, is_over
from smtmodel.executions.terms import name_of
from smtmodel.language.checked import Where
from smtmodel.source.record import record, replace

WAITS = (Acquire, EndGracePeriod, BeginInterrupt, AwaitValue)
"""Actions that may have to wait for other lanes."""


def passes(machine: Machine) -> bool:
    """Whether a lane that is kept waiting for ever may yet be seen to move: a reader of a
    reader/writer lock comes before or after a writer that waits, and a lane that has not begun
    may choose another beginning."""
    start = machine.initial()
    return any(lock.kind.sided for lock in machine.protocol.locks) or any(
        len(machine.standing(start.shared, index, lane)) > 1
        for index, lane in enumerate(start.lanes)
    )


@record
class Obstacle:
    """What a lane waits for at a place where it may stand, which the shared part and the lane tell.

    It waits in vain if one of `lanes` does; if a lane does that is to write (`writes`) under the
    lock that it is to read under (`reads`), because it comes after that one; or if each of `givers`
    does or has ended.
    """

    where: Where | None
    lanes: tuple[int, ...] = ()
    reads: int | None = None
    writes: int | None = None
    givers: tuple[int, ...] | None = None

    @property
    def for_others(self) -> bool:
        """Whether there is anything that the lane could wait for in vain."""
        return bool(self.lanes) or self.reads is not None or self.givers is not None


Waiting = dict[int, tuple[Obstacle, ...]]
"""Lanes, and what each may wait for."""


def stuck(machine: Machine, state: State) -> dict[int, Where | None]:
    """The lanes of a deadlock, and the step that each waits at (None: to interrupt)."""
    every = {
        index: waits(machine, state.shared, index, lane) for index, lane in enumerate(state.lanes)
    }
    over = {index for index, lane in enumerate(state.lanes) if is_over(lane)}
    return in_vain({index: own for index, own in every.items() if own}, over)


def waits(machine: Machine, shared: Shared, index: int, lane: LaneState) -> tuple[Obstacle, ...]:
    """What a lane may wait for in vain, at each place where it may stand: this is the same whatever
    the other lanes do."""
    if lane.status != RUNNING or lane.buffer or not _may_wait(machine, shared, index, lane):
        return ()
    standing = machine.standing(shared, index, lane)
    every = [_wait(machine, shared, frame) for frame in standing]
    return tuple(wait for wait in every if wait.for_others)


def in_vain(waiting: Waiting, over: Set[int]) -> dict[int, Where | None]:
    """The lanes that wait for one another, of all that may wait, and the step of each; `over` are
    those that have run to their ends."""
    kept = _kept(waiting, over)
    if not kept:
        return {}
    # Each lane begins in one way only, though what keeps another lane waiting may be another way.
    ways = (dict(zip(kept, way, strict=True)) for way in product(*kept.values()))
    sets = [_kept({index: (wait,) for index, wait in way.items()}, over) for way in ways]
    return {index: own[0].where for index, own in max(sets, key=len).items()}


def _may_wait(machine: Machine, shared: Shared, index: int, lane: LaneState) -> bool:
    """Whether a lane that runs stands where lanes ever wait, as far as its place tells; one that
    has not begun may stand before several events."""
    interrupted = shared.rare.interrupted
    if lane.pc == 0 or (interrupted and interrupted[index] != NOBODY):
        return True
    return isinstance(machine.programs[index].ops[lane.pc].action, WAITS)


def _kept(waiting: Waiting, over: Set[int]) -> Waiting:
    """Of lanes, and of what each may wait for, those that wait for one another."""
    while True:
        kept: Waiting = {}
        for index, own in waiting.items():
            vain = tuple(wait for wait in own if _is_vain(index, wait, waiting, over))
            if vain:
                kept[index] = vain
        if [*map(len, kept.values())] == [*map(len, waiting.values())]:
            return kept
        waiting = kept


def _is_vain(index: int, wait: Obstacle, waiting: Waiting, over: Set[int]) -> bool:
    """Whether a lane waits for a lane that waits, or for no lane at all."""
    if any(lane in waiting for lane in wait.lanes):
        return True
    if wait.reads is not None:
        return any(one.writes == wait.reads for own in waiting.values() for one in own)
    if wait.givers is None:
        return False
    return all(lane == index or lane in waiting or lane in over for lane in wait.givers)


def _wait(machine: Machine, shared: Shared, frame: Frame) -> Obstacle:
    """What a lane at this place waits for."""
    interrupting = interrupter(shared, frame.index)
    lanes = () if interrupting == NOBODY else (interrupting,)
    program = machine.programs[frame.index]
    op = program.ops[frame.pc]
    match op.action:
        case Acquire(side=side):
            return _for_lock(machine, frame, side, Obstacle(op.where, lanes))
        case EndGracePeriod():
            waited = tuple(lane for lane, _ in frame.waits[frame.index])
            return Obstacle(op.where, (*lanes, *waited))
        case BeginInterrupt(lane=target):
            by = frame.rare.interrupted[target]
            return Obstacle(op.where, lanes if by == NOBODY else (*lanes, by))
        case AwaitValue(queue=None, address=address):
            name = name_of(address)
            writers = tuple(p.index for p in machine.programs if name in p.written)
            run = machine.compiled[frame.index].runs[frame.pc]
            blocked = run(frame.fork()) == BLOCKED
            return Obstacle(op.where, lanes, givers=writers if blocked else None)
        case AwaitValue(queue=queue):
            wakers = tuple(p.index for p in machine.programs if queue in p.woken)
            asleep = frame.rare.asleep[frame.index] == queue
            return Obstacle(op.where, lanes, givers=wakers if asleep else None)
        case _:
            return Obstacle(op.where, lanes)


def _for_lock(machine: Machine, frame: Frame, side: Side, wait: Obstacle) -> Obstacle:
    """What a lane waits for that is to take a lock: a reader comes after a writer that waits, but
    an interrupt does not queue."""
    number = side.of(frame.registers)
    holder = frame.locks[number]
    if side.after(holder, frame.index) is None:
        holders = holder if isinstance(holder, tuple) else (holder,)
        wait = replace(wait, lanes=(*wait.lanes, *holders))
    if not side.shared:
        return replace(wait, writes=number)
    queues = machine.layout.lanes[frame.index].interrupts is None
    return replace(wait, reads=number) if queues else wait
