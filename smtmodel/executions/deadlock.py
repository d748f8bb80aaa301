"""Deadlock: lanes that wait, each for what only they or lanes that have ended could give.

Takes a machine and a state of it. The lanes are found as the largest set of lanes of which each
waits for another of the set; whatever the other lanes do, they wait for ever. A lane that stands
at an `assume`, a used-up bound or an error is not one of them, and what it holds is not missed:
the code that it stands for may have gone on.
"""

from itertools import product

from smtmodel.executions.frame import BLOCKED, ENDED, NOBODY, RUNNING, Frame, State
from smtmodel.executions.locking import Side
from smtmodel.executions.machine import Machine
from smtmodel.executions.program import Awaits, ForInterrupt, ForReaders, ForValue, ForWake
from smtmodel.language.ast import GuardKind
from smtmodel.language.checked import Where


def passes(machine: Machine) -> bool:
    """Whether a lane that is kept waiting for ever may yet be seen to move: a reader of a
    reader/writer lock comes before or after a writer that waits, and a lane that has not begun
    may choose another beginning."""
    start = machine.initial()
    return any(lock.kind is GuardKind.RWLOCK for lock in machine.protocol.locks) or any(
        len(machine.standing(start.shared, index, lane)) > 1
        for index, lane in enumerate(start.lanes)
    )


def stuck(machine: Machine, state: State) -> dict[int, Where | None]:
    """The lanes of a deadlock, and the step that each waits at (None: to interrupt)."""
    standing = {
        index: machine.standing(state.shared, index, lane)
        for index, lane in enumerate(state.lanes)
        if lane.status == RUNNING and not lane.buffer
    }
    # Each lane begins in one way, though for others another way may be the one that counts.
    waiting = _waiting(machine, state, standing)
    ways = (dict(zip(waiting, way, strict=True)) for way in product(*waiting.values()))
    found = [_waiting(machine, state, {i: [one] for i, one in way.items()}) for way in ways]
    most = max(found, key=len)
    return {i: machine.programs[i].ops[frames[0].pc].where for i, frames in most.items()}


def _waiting(
    machine: Machine, state: State, waiting: dict[int, list[Frame]]
) -> dict[int, list[Frame]]:
    """Of lanes, and of the places where each may stand, those that wait for one another."""
    while True:
        kept: dict[int, list[Frame]] = {}
        for index, frames in waiting.items():
            hopeless = [one for one in frames if _hopeless(machine, state, one, waiting)]
            if hopeless:
                kept[index] = hopeless
        if [*map(len, kept.values())] == [*map(len, waiting.values())]:
            return kept
        waiting = kept


def _hopeless(
    machine: Machine, state: State, frame: Frame, waiting: dict[int, list[Frame]]
) -> bool:
    """Whether a lane at this place waits for one of those that wait, or for no lane at all."""
    rare = state.shared.rare
    if rare.interrupted and rare.interrupted[frame.index] in waiting:
        return True
    match _awaits(machine, frame):
        case Side() as side:
            holder = frame.locks[side.number]
            holders = holder if isinstance(holder, tuple) else (holder,)
            held = side.after(holder, frame.index) is None
            return (held and any(lane in waiting for lane in holders)) or _queued(
                machine, frame, side, waiting
            )
        case ForReaders():
            return any(lane in waiting for lane, _ in frame.waits[frame.index])
        case ForInterrupt(lane=target):
            return rare.interrupted[target] != NOBODY and rare.interrupted[target] in waiting
        case ForValue(writers=writers):
            if not _over(state, writers, waiting):
                return False
            return machine.programs[frame.index].runs[frame.pc](frame.fork()) == BLOCKED
        case ForWake(queue, wakers):
            return rare.asleep[frame.index] == queue and _over(state, wakers, waiting)
        case None:
            return False


def _over(state: State, lanes: frozenset[int], waiting: dict[int, list[Frame]]) -> bool:
    """Whether each of these lanes is one of those that wait, or has ended."""
    others = (state.lanes[one] for one in lanes if one not in waiting)
    return not any(lane.status != ENDED or lane.buffer for lane in others)


def _awaits(machine: Machine, frame: Frame) -> Awaits | None:
    return machine.programs[frame.index].ops[frame.pc].awaits


def _queued(machine: Machine, frame: Frame, side: Side, waiting: dict[int, list[Frame]]) -> bool:
    """Whether a reader comes after a writer that waits; an interrupt does not queue."""
    if not side.shared or machine.layout.lanes[frame.index].interrupts is not None:
        return False
    wanted = Side(side.number, side.lock, shared=False)
    return any(_awaits(machine, other) == wanted for frames in waiting.values() for other in frames)
